// Buttons that copy a secret, which is not left in a page that one comes back to.

const said = document.getElementById("copied");
for (const button of document.querySelectorAll("[data-copy]")) {
	const secret = document.getElementById(button.dataset.copy);
	button.hidden = false;
	button.addEventListener("click", async () => {
		try {
			await navigator.clipboard.writeText(secret.textContent);
			button.firstChild.data = said.textContent = button.dataset.copied;
		} catch {
			// Without a clipboard, or without the right to it, it is there to be copied.
			getSelection().selectAllChildren(secret);
		}
	});
}
addEventListener("pagehide", () => {
	for (const secret of document.querySelectorAll("[data-secret]")) {
		secret.textContent = "";
	}
});
