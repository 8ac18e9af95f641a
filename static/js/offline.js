// Keeps the last visited pages of the catalogue readable without a connection. VERSION and LOCALES stand above.
// Never a cart, an order, an account or a desk: only the addresses below, and only pages that may be kept at all
// (whoever is signed in gets "no-store").
const PAGES = `pages-${VERSION}`, FILES = `files-${VERSION}`;
const MOST_PAGES = 30, MOST_FILES = 120, DAYS = 7; // a star shown next week may no longer hold
const KEPT = new RegExp(`^/(${LOCALES.join("|")})(/|/(products|producers|certificates|papers|licences|policies)(/[^.]*)?|/about)$`);
const offlinePage = (path) => `/${LOCALES.find((tag) => path.startsWith(`/${tag}/`)) || LOCALES[0]}/offline`;

async function put(name, request, response, most) {
  const shelf = await caches.open(name);
  await shelf.delete(request); // a page that is opened again moves to the end
  await shelf.put(request, response);
  const keys = await shelf.keys();
  for (const old of keys.filter((key) => !key.url.endsWith("/offline")).slice(0, -most)) await shelf.delete(old);
}

function mayBeKept(response) {
  const control = response.headers.get("Cache-Control") || "";
  return response.ok && !response.redirected && response.type === "basic" && !control.includes("no-store");
}

// A page is kept with the style and script it names, so that it looks the same later.
async function keep(address) {
  const path = new URL(address, location.origin).pathname;
  const shelf = await caches.open(PAGES);
  const wanted = [address];
  if (!await shelf.match(offlinePage(path))) wanted.push(offlinePage(path));
  for (const one of wanted) {
    const answer = await fetch(one, { headers: { Accept: "text/html" } });
    if (mayBeKept(answer)) await keepAnswer(one, answer);
  }
}

async function keepAnswer(address, answer) {
  const text = await answer.clone().text();
  await put(PAGES, address, answer, MOST_PAGES);
  const named = text.match(/\/static\/(?:(?:css|js)\/[\w-]+|img\/packshots)\.\w+\.(?:css|js|svg)/g) || [];
  const shelf = await caches.open(FILES);
  for (const file of new Set(named)) if (!await shelf.match(file)) await file_(file);
}

async function file_(request) {
  const answer = await fetch(request);
  if (answer.ok) await put(FILES, request, answer.clone(), MOST_FILES);
  return answer;
}

async function pageOrKept(event, path) {
  try {
    const answer = await fetch(event.request);
    if (KEPT.test(path) && mayBeKept(answer)) {
      const copy = answer.clone();
      event.waitUntil(keepAnswer(event.request.url, copy).then(async () => {
        const shelf = await caches.open(PAGES);
        if (!await shelf.match(offlinePage(path))) await keep(offlinePage(path));
      }).catch(() => {}));
    }
    return answer;
  } catch (lost) {
    const shelf = await caches.open(PAGES);
    const found = KEPT.test(path) && await shelf.match(event.request.url, { ignoreVary: true });
    if (found && Date.now() - Date.parse(found.headers.get("Date")) < DAYS * 86400000) return found;
    const standIn = await shelf.match(offlinePage(path), { ignoreVary: true });
    if (standIn) return standIn;
    throw lost;
  }
}

async function fileOrKept(request) {
  const found = await caches.match(request, { ignoreVary: true });
  return found || file_(request);
}

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => event.waitUntil((async () => {
  for (const name of await caches.keys()) if (name !== PAGES && name !== FILES) await caches.delete(name);
  await self.clients.claim();
  // The page that brought this worker was loaded before it.
  for (const client of await self.clients.matchAll({ type: "window" })) {
    if (KEPT.test(new URL(client.url).pathname)) await keep(client.url).catch(() => {});
  }
})()));

self.addEventListener("fetch", (event) => {
  const { request } = event, { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== location.origin) return;
  if (request.mode === "navigate") {
    if (LOCALES.some((tag) => pathname.startsWith(`/${tag}/`))) event.respondWith(pageOrKept(event, pathname));
  } else if (pathname.startsWith("/static/") || pathname.startsWith("/media/")) {
    event.respondWith(fileOrKept(request));
  }
});
