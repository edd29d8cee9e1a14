// What scripts add to pages that work without them: times in the reader's zone, filters while
// typing, and the keyboard. It writes texts only, and never HTML.

const language = document.documentElement.lang;

// Times are in the zone of the reader, with that of the server at hand.
const clock = new Intl.DateTimeFormat(language, {
	year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZoneName: "short",
});
export function localise(root) {
	for (const time of root.querySelectorAll("time[datetime]")) {
		const parts = Object.fromEntries(clock.formatToParts(new Date(time.dateTime)).map((part) => [part.type, part.value]));
		time.title = time.textContent;
		time.textContent = `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute} ${parts.timeZoneName}`;
	}
	// The axis of a chart has room for hours alone.
	for (const label of root.querySelectorAll("text[data-time]")) {
		const parts = Object.fromEntries(clock.formatToParts(new Date(label.dataset.time)).map((part) => [part.type, part.value]));
		label.textContent = `${parts.hour}:${parts.minute}`;
	}
}
localise(document);

// A field with data-filter shows the rows with data-words that have all words of it, within the
// element that it names.
for (const field of document.querySelectorAll("[data-filter]")) {
	const rows = [...document.querySelectorAll(`${field.dataset.filter} [data-words]`)];
	const groups = [...document.querySelectorAll(`${field.dataset.filter} [data-group]`)];
	const wholes = [...document.querySelectorAll(`${field.dataset.filter} .whole`)]; // they are not for what is found
	const apply = () => {
		const words = field.value.toLowerCase().split(/\s+/).filter(Boolean);
		for (const row of rows) {
			row.hidden = !words.every((word) => row.dataset.words.toLowerCase().includes(word));
		}
		for (const whole of wholes) {
			whole.hidden = words.length > 0;
		}
		for (const group of groups) {
			group.hidden = !group.querySelector("[data-words]:not([hidden])");
		}
	};
	field.addEventListener("input", apply);
	field.form.addEventListener("submit", (event) => event.preventDefault());
	apply();
}

// Switches that are turned are marked and counted.
for (const form of document.querySelectorAll("[data-switches]")) {
	const count = form.querySelector("[data-turned]");
	const apply = () => {
		let turned = 0;
		for (const row of form.querySelectorAll("tr[data-words]")) {
			const n = [...row.querySelectorAll("[role=switch]")].filter((s) => s.checked !== s.defaultChecked).length;
			row.classList.toggle("turned", n > 0);
			turned += n;
		}
		form.classList.toggle("changed", turned > 0);
		if (count) {
			count.textContent = turned === 0 ? "" : (turned === 1 ? count.dataset.single : count.dataset.several.replace("2", turned));
		}
	};
	form.addEventListener("change", apply);
	window.addEventListener("pageshow", apply);
}

// The keyboard: / searches, g and a letter goes to a section, ? lists all.
const shortcuts = document.getElementById("shortcuts");
let leader = 0;
document.addEventListener("keydown", (event) => {
	if (event.ctrlKey || event.metaKey || event.altKey || event.target.closest("input:not([type=checkbox]), textarea, select, dialog")) {
		return;
	}
	if (event.key === "?") {
		shortcuts.showModal();
	} else if (event.key === "/") {
		const field = document.querySelector("[data-search]");
		if (!field) {
			return;
		}
		field.focus();
		field.select();
	} else if (event.key === "g") {
		leader = event.timeStamp;
	} else if (leader && event.timeStamp - leader < 2000) {
		leader = 0;
		document.querySelector(`.bar [data-key="${CSS.escape(event.key)}"]`)?.click();
	} else {
		return;
	}
	event.preventDefault();
});
