// The live tail: server-sent events become rows, which are made of texts alone.

const live = document.querySelector("[data-tail]");
const rows = document.getElementById("decisions");
const blank = document.getElementById("decision");
const state = live.querySelector("[data-state]");
const pause = live.querySelector("[data-pause]");
const sends = live.querySelector("[name=sends]");
const most = 100;
const marks = { deny: "closed", allow: "open" };
const clock = new Intl.DateTimeFormat(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23" });
// What people call accounts, by their names.
const labels = new Map([...document.querySelectorAll("#accounts option")].map((option) => [option.value, option.textContent]));
const again = 5000; // milliseconds
let source, retry;

// Rows of today have the time of day with seconds. Others have the day as well, as on all pages.
function show(time, at) {
	if (at.toDateString() === new Date().toDateString()) {
		time.textContent = clock.format(at);
	}
}
for (const time of rows.querySelectorAll("time")) {
	show(time, new Date(time.dateTime));
}

function say(name) {
	state.dataset.state = name;
	state.textContent = state.dataset[name];
	state.classList.toggle("open", name === "live");
	state.classList.toggle("risk", name === "skipped" || name === "refused");
}

// The query of the page that explains a decision, as the rows that are there before have it: where
// the number is masked, of what is on record of it.
function why(decision) {
	const query = new URLSearchParams();
	const set = (name, value) => value && query.set(name, value);
	set("account", decision.account);
	set("at", new Date(decision.time).toISOString().slice(0, 19) + "Z");
	set("channel", decision.channel);
	if (!decision.sender?.includes("*")) {
		set("from", decision.sender);
	}
	if (/^\+[0-9]+$/.test(decision.destination)) {
		set("to", decision.destination);
	} else if (decision.prefix) {
		set("to", "+" + decision.prefix.replace("+", "") + "000");
		set("masked", "true");
	} else {
		set("territory", decision.territory);
		set("class", decision.class);
	}
	set("recorded", decision.destination);
	query.sort();
	return "?" + query.toString().replaceAll("*", "%2A");
}

function add(decision) {
	const row = blank.content.cloneNode(true).firstElementChild;
	const time = row.querySelector("time");
	time.dateTime = time.title = decision.time;
	show(time, new Date(decision.time));
	for (const place of row.querySelectorAll("[data-member]")) {
		place.textContent = decision[place.dataset.member] ?? "";
	}
	const account = row.querySelector("[data-member=account]");
	account.title = account.textContent;
	account.textContent = labels.get(account.title) || account.title;
	const link = row.querySelector("a");
	link.setAttribute("href", link.getAttribute("href") + why(decision));
	link.setAttribute("aria-label", [link.textContent, decision.reason, decision.destination].filter(Boolean).join(" "));
	row.querySelector(".mark").classList.add(marks[decision.outcome] ?? "risk");
	rows.prepend(row);
	while (rows.children.length > most) {
		rows.lastElementChild.remove();
	}
	document.getElementById("nothing")?.remove();
}

function begin() {
	say("waiting");
	const address = new URL(live.dataset.tail, location);
	if (sends.checked) {
		address.searchParams.set("sends", "true");
	}
	source = new EventSource(address);
	source.addEventListener("open", () => say("live"));
	source.addEventListener("error", (event) => {
		// A browser comes again by itself, except after an answer that is an error.
		if (event.target.readyState !== EventSource.CLOSED) {
			say("waiting");
			return;
		}
		say("refused");
		retry = setTimeout(begin, again);
	});
	source.addEventListener("decision", (event) => {
		add(JSON.parse(event.data));
		say("live");
	});
	source.addEventListener("skipped", () => say("skipped"));
}

function end() {
	clearTimeout(retry);
	source.close();
	source = null;
}

pause.addEventListener("click", () => {
	const text = pause.textContent;
	pause.textContent = pause.dataset.resume;
	pause.dataset.resume = text;
	if (source) {
		end();
		say("paused");
	} else {
		begin();
	}
});
sends.addEventListener("change", () => {
	if (source) {
		end();
		begin();
	}
});
live.hidden = false;
begin();
