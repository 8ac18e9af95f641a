// Small comforts only; every page works without this file. No HTML is ever made from strings (Trusted Types).
const YEAR = 31536000;
// A language counts as chosen only when somebody clicks on it.
for (const link of document.querySelectorAll("a[data-locale]")) {
  link.addEventListener("click", () => {
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `locale=${link.dataset.locale}; path=/; max-age=${YEAR}; samesite=lax${secure}`;
  });
}
// Filters stand open beside the goods on a wide screen and closed above them on a phone.
if (matchMedia("(max-width: 55.99rem)").matches) {
  for (const group of document.querySelectorAll(".filters details")) {
    if (!group.querySelector("[aria-current]")) group.open = false;
  }
}
// "/" jumps to the search box, unless somebody is typing.
addEventListener("keydown", (event) => {
  const typing = event.target instanceof Element && event.target.closest("input, textarea, select");
  if (event.key !== "/" || event.ctrlKey || event.metaKey || typing) return;
  const box = document.getElementById("find");
  if (box) { event.preventDefault(); box.focus(); }
});
// A form is sent once, however often the button is pressed.
for (const form of document.querySelectorAll('form[method="post"]')) {
  form.addEventListener("submit", (event) => {
    if (form.dataset.sent) { event.preventDefault(); return; }
    form.dataset.sent = "yes";
    setTimeout(() => delete form.dataset.sent, 8000);
  });
}
// The first mistake gets the focus after a form came back.
document.getElementById("problems")?.focus();
