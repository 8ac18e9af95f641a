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
// A photograph is made smaller before it travels a slow line; what cannot be opened here is sent as it is.
const SENT_SIDE = 2048, WORTH_IT = 600000;
const smaller = async (file) => {
  if (file.size < WORTH_IT) return file;
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, SENT_SIDE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const made = await new Promise((done) => canvas.toBlob(done, "image/jpeg", .85));
  return made && made.size < file.size ? new File([made], file.name, { type: "image/jpeg" }) : file;
};
for (const input of document.querySelectorAll("input[data-shrink]")) {
  input.addEventListener("change", async () => {
    const chosen = [...input.files], kept = new DataTransfer();
    for (const file of chosen) kept.items.add(await smaller(file).catch(() => file));
    // Somebody may have chosen again, or sent the form, meanwhile.
    if (chosen.every((file, place) => file === input.files[place])) input.files = kept.files;
    input.dataset.shrink = "done";
  });
}
// A product's address is copied or handed to the phone's own list of programs (KakaoTalk, Zalo, WeChat…).
for (const field of document.querySelectorAll("input[data-copy]")) {
  const button = (label, act) => {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "button", textContent: label });
    made.addEventListener("click", () => act(made));
    field.parentElement.append(made);
  };
  button(field.dataset.copy, async (made) => {
    try { await navigator.clipboard.writeText(field.value); } catch { field.select(); return; }
    made.textContent = field.dataset.copied;
  });
  if (navigator.share) button(field.dataset.share, () => navigator.share({ title: field.dataset.title, url: field.value }).catch(() => {}));
}
// The last visited pages of the shop stay readable without a connection.
const note = document.getElementById("no-connection");
const tell = () => { if (note) note.hidden = navigator.onLine || !!document.getElementById("kept-pages"); };
addEventListener("online", tell); addEventListener("offline", tell); tell();
if (navigator.serviceWorker && isSecureContext && document.body.classList.contains("shop")) {
  const policy = window.trustedTypes?.createPolicy("offline", { createScriptURL: () => "/sw.js" });
  addEventListener("load", () => navigator.serviceWorker.register(policy ? policy.createScriptURL("") : "/sw.js").catch(() => {}));
}
// The page shown without a connection names those that can be read.
const kept = document.getElementById("kept-pages");
if (kept && window.caches) {
  const heading = Object.assign(document.createElement("h2"), { textContent: kept.dataset.label });
  for (const name of await caches.keys()) for (const { url } of name.startsWith("pages-") ? await (await caches.open(name)).keys() : []) {
    if (url.endsWith("/offline")) continue;
    const title = (await (await caches.match(url)).text()).match(/<title>([^<]*)/);
    const link = Object.assign(document.createElement("a"), { href: url });
    link.textContent = title ? title[1].replace(/&#(\d+);/g, (_, code) => String.fromCodePoint(code)).replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&") : url;
    const row = document.createElement("li");
    row.append(link);
    kept.append(row);
  }
  if (kept.children.length) kept.before(heading);
}
