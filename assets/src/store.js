// What could not be sent yet, kept in this browser: encrypted with a key that only a page of the signed-in person holds.
// On a shared computer, and without a key, nothing is kept.
import { page } from "./net.js"

const NAME = "tirek"
// Events of the window: what is kept has changed, here or in another tab; something was thrown away by hand (detail: its id).
export const KEPT = "tirek:kept"
export const DROPPED = "tirek:dropped"
const DAYS = 7
const encoder = new TextEncoder()
const decoder = new TextDecoder()

let key = null
let opened = null

async function importKey() {
  const given = page.storeKey
  delete page.storeKey
  if (!given || page.shared === "true" || !globalThis.crypto?.subtle || !globalThis.indexedDB) return null
  const bytes = Uint8Array.from(atob(given), (letter) => letter.charCodeAt(0))
  return crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"])
}

// A question is settled by its answer; a transaction when it is written: a tab that is closed before takes it along.
function settled(one) {
  return new Promise((resolve, reject) => {
    one.onsuccess = one.oncomplete = () => resolve(one.result)
    one.onerror = one.onabort = () => reject(one.error)
  })
}

async function open() {
  key ??= importKey().catch(() => null)
  return (await key) && database()
}

function database() {
  if (!opened) {
    const request = indexedDB.open(NAME, 1)
    request.onupgradeneeded = () => request.result.createObjectStore("kept")
    opened = settled(request)
      .then((database) => {
        database.onversionchange = () => {
          database.close()
          opened = null
        }
        return database
      })
      .catch(() => null)
  }
  return opened
}

const tabs = globalThis.BroadcastChannel && new BroadcastChannel(NAME)
const changed = () => dispatchEvent(new Event(KEPT))
if (tabs) tabs.onmessage = changed

// Written, and told to every tab.
async function write(rows) {
  await settled(rows.transaction)
  changed()
  tabs?.postMessage("")
}

async function table(mode) {
  return (await open())?.transaction("kept", mode).objectStore("kept") ?? null
}

const nameOf = (id) => `${page.who ?? ""}|${id}`

export async function keep(id, value) {
  const secret = await (key ??= importKey().catch(() => null))
  if (!secret) return false
  const iv = crypto.getRandomValues(new Uint8Array(12))
  const box = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, secret, encoder.encode(JSON.stringify(value)))
  const rows = await table("readwrite")
  if (!rows) return false
  rows.put({ iv, box, at: Date.now() }, nameOf(id))
  await write(rows)
  return true
}

async function decrypted(row) {
  try {
    const plain = await crypto.subtle.decrypt({ name: "AES-GCM", iv: row.iv }, await key, row.box)
    return JSON.parse(decoder.decode(plain))
  } catch {
    return null
  }
}

export async function kept(id) {
  const rows = await table("readonly")
  const row = rows && (await settled(rows.get(nameOf(id))))
  return row ? decrypted(row) : null
}

export async function keptUnder(prefix) {
  const rows = await table("readonly")
  if (!rows) return []
  const range = IDBKeyRange.bound(nameOf(prefix), `${nameOf(prefix)}\uffff`)
  const [names, boxes] = await Promise.all([settled(rows.getAllKeys(range)), settled(rows.getAll(range))])
  const found = []
  for (const [index, row] of boxes.entries()) {
    const value = await decrypted(row)
    if (value) found.push({ id: names[index].slice(nameOf("").length), value, at: row.at })
  }
  return found
}

// All that waits in this browser, whoever typed it, without a key: what it says stays sealed.
export async function sealed() {
  const rows = globalThis.indexedDB && (await database())?.transaction("kept").objectStore("kept")
  if (!rows) return []
  const [names, boxes] = await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())])
  return boxes
    .map(({ at, box }, index) => ({ at, bytes: box.byteLength, id: names[index].slice(names[index].indexOf("|") + 1) }))
    .filter(({ at, id }) => /^(queue|draft)\|/.test(id) && Date.now() - at <= DAYS * 86400000)
    .sort((one, other) => other.at - one.at)
}

export async function forget(id) {
  const rows = await table("readwrite")
  if (!rows) return
  rows.delete(nameOf(id))
  await write(rows)
}

// Asks the browser, once, not to clear what waits when the disk is full.
let asked = false
export async function keepForGood() {
  if (asked || !navigator.storage?.persist) return
  asked = true
  if (!(await navigator.storage.persisted().catch(() => true))) await navigator.storage.persist().catch(() => false)
}

// What nobody came back for.
export async function forgetOld() {
  const rows = await table("readwrite")
  if (!rows) return
  const request = rows.openCursor()
  request.onsuccess = () => {
    const cursor = request.result
    if (!cursor) return
    if (Date.now() - cursor.value.at > DAYS * 86400000) cursor.delete()
    cursor.continue()
  }
}

export async function wipe() {
  if (!globalThis.indexedDB) return
  key = Promise.resolve(null)
  ;(await opened)?.close()
  opened = null
  await settled(indexedDB.deleteDatabase(NAME)).catch(() => null)
}
