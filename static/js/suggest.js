// The search box suggests while somebody types: the combobox pattern of WAI-ARIA. Without this file the box is a
// plain form. Nothing is ever made from a string of HTML (Trusted Types).
const WAIT = 120;
const known = new Map();

function make(tag, values) {
  return Object.assign(document.createElement(tag), values);
}

async function ask(address) {
  if (!known.has(address)) {
    const answer = await fetch(address, { headers: { Accept: "application/json" } });
    if (!answer.ok) throw new Error(answer.status);
    if (known.size > 200) known.clear();
    known.set(address, await answer.json());
  }
  return known.get(address);
}

function attach(form, number) {
  const box = form.querySelector("input[name=q]");
  const list = make("ul", { id: `suggestions-${number}`, role: "listbox", className: "suggestions", hidden: true });
  const status = make("p", { role: "status", className: "hidden" });
  list.setAttribute("aria-label", form.dataset.label);
  form.append(list, status);
  box.type = "text"; // a search field may not become a combobox
  box.setAttribute("role", "combobox");
  box.enterKeyHint = "search";
  box.setAttribute("aria-autocomplete", "list");
  box.setAttribute("aria-controls", list.id);
  box.setAttribute("aria-expanded", "false");
  let timer, asked = 0, active = -1;

  function choose(at) {
    const options = [...list.children];
    active = at;
    options.forEach((option, i) => option.setAttribute("aria-selected", String(i === at)));
    if (at < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", options[at].id);
    options[at].scrollIntoView({ block: "nearest" });
  }
  function open(wanted) {
    const shown = wanted && list.children.length > 0;
    list.hidden = !shown;
    box.setAttribute("aria-expanded", String(shown));
    choose(-1);
    if (!shown) status.textContent = "";
  }
  function close() {
    clearTimeout(timer);
    asked += 1;
    open(false);
  }
  function show(answer) {
    list.replaceChildren(...answer.entries.map((entry, i) => {
      const option = make("li", { id: `${list.id}-${i}`, role: "option" });
      const label = make("span", { textContent: entry.label });
      if (entry.lang) label.lang = entry.lang;
      option.append(label, make("small", { textContent: entry.note }));
      option.dataset.address = entry.address;
      return option;
    }));
    open(document.activeElement === box);
    status.textContent = answer.status;
  }
  async function look() {
    const turn = (asked += 1);
    const typed = box.value.trim();
    if (!typed) return close();
    try {
      const answer = await ask(`${form.dataset.suggest}?q=${encodeURIComponent(typed.slice(0, 80))}`);
      if (turn === asked) show(answer);
    } catch {
      if (turn === asked) close();
    }
  }
  function go(option) {
    const address = new URL(option.dataset.address, location.href);
    const to = form.elements.to?.value; // where goods are sent stays what the page says
    if (to) address.searchParams.set("to", to);
    location.assign(address);
  }

  box.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(look, WAIT);
  });
  box.addEventListener("blur", close);
  form.addEventListener("submit", close);
  // The mouse must not take the focus from the box before the click has come.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  list.addEventListener("click", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) go(option);
  });
  box.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const last = list.children.length - 1;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      if (list.hidden) {
        if (last < 0) look();
        else open(true);
        if (event.altKey || last < 0) return;
      }
      const down = event.key === "ArrowDown";
      if (event.altKey && !down) close();
      else if (down) choose(active === last ? -1 : active + 1);
      else choose(active < 0 ? last : active - 1);
    } else if (event.key === "Enter" && active >= 0) {
      event.preventDefault();
      go(list.children[active]);
    } else if (event.key === "Escape" && !list.hidden) {
      event.preventDefault();
      close();
    } else if (event.key === "Home" || event.key === "End" || event.key.startsWith("Arrow")) {
      choose(-1);
    }
  });
}

document.querySelectorAll("form[data-suggest]").forEach(attach);
