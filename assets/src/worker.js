// Without a connection the browser opens one page, the list of what is not sent yet. Nothing of anybody is kept for it: the page
// is asked for without cookies. The server says before this script which page and files, and under which name; another name
// is another version, and takes the place of the one before.
const { name, page, files } = self.OFFLINE

async function fill() {
  const cache = await caches.open(name)
  for (const address of [page, ...files]) {
    const answer = await fetch(address, { credentials: "omit" })
    if (!answer.ok || answer.redirected) throw new Error(address)
    await cache.put(address, answer)
  }
  await self.skipWaiting()
}

async function clean() {
  for (const one of await caches.keys()) if (one !== name) await caches.delete(one)
}

async function kept({ mode, url }) {
  const cache = await caches.open(name)
  return (await cache.match(mode === "navigate" ? page : url, { ignoreVary: true })) ?? Response.error()
}

addEventListener("install", (event) => event.waitUntil(fill()))
addEventListener("activate", (event) => event.waitUntil(clean()))
addEventListener("fetch", (event) => {
  const { request } = event
  if (request.method === "GET") event.respondWith(fetch(request).catch(() => kept(request)))
})
