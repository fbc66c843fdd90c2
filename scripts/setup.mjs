// Installs the dependencies when the lockfile has changed since the last time; otherwise does nothing, at
// once. Plain Node without dependencies: it runs before there are any, and must leave nothing outside this
// folder.
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = dirname(dirname(fileURLToPath(import.meta.url)))
const stampFile = join(root, 'node_modules', '.cache', 'setup-stamp')
const lockfile = readFileSync(join(root, 'pnpm-lock.yaml'))
const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))
const stamp = createHash('sha256').update(manifest.packageManager).update(lockfile).digest('hex')

requireNode(20, 19)
if (readStamp() !== stamp) {
  install(manifest.packageManager)
  mkdirSync(dirname(stampFile), { recursive: true })
  writeFileSync(stampFile, stamp)
}

function requireNode(major, minor) {
  const [ourMajor = 0, ourMinor = 0] = process.versions.node.split('.').map(Number)
  if (ourMajor > major || (ourMajor === major && ourMinor >= minor)) return
  fail(`Parley needs Node ${major}.${minor} or newer; this is ${process.version}.`)
}

function readStamp() {
  try {
    return readFileSync(stampFile, 'utf8')
  } catch {
    return undefined
  }
}

// The pinned pnpm comes through npx, so nothing global is needed. On Windows npx is a .cmd file, which needs
// a shell.
function install(packageManager) {
  console.log(`Installing dependencies with ${packageManager} ...`)
  const npx = ['--yes', packageManager, 'install', '--frozen-lockfile', '--config.confirmModulesPurge=false']
  const result = spawnSync('npx', npx, {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
    shell: process.platform === 'win32',
  })
  if (result.error) fail(`npx could not be started: ${result.error.message}`)
  if (result.status !== 0) fail(`The install failed (exit code ${result.status ?? result.signal}).`)
}

function fail(message) {
  console.error(message)
  process.exit(1)
}
