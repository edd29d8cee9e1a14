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
let source;

function say(name) {
	state.dataset.state = name;
	state.textContent = state.dataset[name];
	state.classList.toggle("open", name === "live");
	state.classList.toggle("risk", name === "skipped");
}

function add(decision) {
	const row = blank.content.cloneNode(true).firstElementChild;
	const time = row.querySelector("time");
	time.dateTime = time.title = decision.time;
	time.textContent = clock.format(new Date(decision.time));
	for (const place of row.querySelectorAll("[data-member]")) {
		place.textContent = decision[place.dataset.member] ?? "";
	}
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
	source.addEventListener("error", () => say("waiting"));
	source.addEventListener("decision", (event) => {
		add(JSON.parse(event.data));
		say("live");
	});
	source.addEventListener("skipped", () => say("skipped"));
}

pause.addEventListener("click", () => {
	const text = pause.textContent;
	pause.textContent = pause.dataset.resume;
	pause.dataset.resume = text;
	if (source) {
		source.close();
		source = null;
		say("paused");
	} else {
		begin();
	}
});
sends.addEventListener("change", () => {
	if (source) {
		source.close();
		begin();
	}
});
live.hidden = false;
begin();
