// Builds the front end into src/tirek/ui/static/tirek and writes manifest.json: `npm ci && node build.mjs`.
// `node build.mjs --out <folder>` builds elsewhere, for the test that compares. The same sources give the same bytes.

import { createHash } from "node:crypto"
import { mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from "node:fs"
import { dirname, join, relative, resolve, sep } from "node:path"
import { fileURLToPath } from "node:url"

import * as esbuild from "esbuild"
import * as sass from "sass"

const here = dirname(fileURLToPath(import.meta.url))
const committed = resolve(here, "../src/tirek/ui/static/tirek")
const flag = process.argv.indexOf("--out")
const out = flag > 0 ? resolve(process.argv[flag + 1]) : committed
const modules = join(here, "node_modules")
const licence =
  "/*! Tirek, Apache-2.0. Holds parts of GOV.UK Frontend, MIT, (c) Crown Copyright (Government Digital Service). */"

mkdirSync(out, { recursive: true })

function styles() {
  const { css } = sass.compile(join(here, "scss/tirek.scss"), {
    loadPaths: [modules],
    quietDeps: true,
    style: "expanded",
    charset: false,
  })
  const { code } = esbuild.transformSync(css, {
    loader: "css",
    minify: true,
    charset: "utf8",
    legalComments: "none",
    target: ["chrome70", "safari12", "firefox70"],
  })
  writeFileSync(join(out, "tirek.css"), `${licence}\n${code}`)
}

function scripts() {
  const common = {
    bundle: true,
    minify: true,
    charset: "utf8",
    legalComments: "none",
    nodePaths: [modules],
    absWorkingDir: here,
    banner: { js: licence },
    logLevel: "warning",
  }
  esbuild.buildSync({ ...common, entryPoints: ["src/boot.js"], outfile: join(out, "boot.js"), format: "iife", target: "es2017" })
  for (const name of ["tirek.js", "sealed.js", "worker.js"]) {
    // a worker is no module in every browser that has workers
    const format = name === "worker.js" ? "iife" : "esm"
    esbuild.buildSync({ ...common, entryPoints: [`src/${name}`], outfile: join(out, name), format, target: "es2020" })
  }
}

function filesBelow(folder) {
  return readdirSync(folder)
    .sort()
    .filter((name) => !["node_modules", "__pycache__"].includes(name) && !name.startsWith("."))
    .flatMap((name) => {
      const path = join(folder, name)
      return statSync(path).isDirectory() ? filesBelow(path) : [path]
    })
}

const hash = (path) => createHash("sha256").update(readFileSync(path)).digest("hex")
const hashes = (root, paths) =>
  Object.fromEntries(paths.map((path) => [relative(root, path).split(sep).join("/"), hash(path)]).sort(([a], [b]) => (a < b ? -1 : 1)))

styles()
scripts()

if (out === committed) {
  const sources = hashes(here, filesBelow(here).filter((path) => !path.endsWith("manifest.json")))
  const outputs = hashes(committed, filesBelow(committed))
  writeFileSync(join(here, "manifest.json"), `${JSON.stringify({ sources, outputs }, null, 1)}\n`)
}
