// Packs every package as it would be published and looks at the tarballs the way a stranger does: what is
// inside, what publint and attw say, and whether a new project can install, type-check and run them. Works in
// a temporary folder.
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { type Manifest, type Package, publishedPackages, rootFolder, toolPath } from './workspace.ts'

/** A strict project; it checks the packed declarations too, since it does not skip them. */
const consumerTsconfig = {
  compilerOptions: {
    target: 'es2022',
    lib: ['es2023', 'esnext.disposable', 'esnext.decorators'],
    module: 'nodenext',
    strict: true,
    exactOptionalPropertyTypes: true,
    types: ['node'],
  },
  files: ['index.ts'],
}

/** They use nothing of Node. */
const browserSafe = new Set(['@parley/core', '@parley/rpc'])

const temporary = mkdtempSync(join(tmpdir(), 'parley-pack-'))
try {
  const packages = publishedPackages()
  run('npm', ['run', '--silent', 'build'], rootFolder)
  const tarballs = packages.map(pack)
  for (const tarball of tarballs) lookInside(tarball)
  tryAsConsumer(packages, tarballs, await exported(packages))
  console.log('The packed packages are sound.')
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  process.exitCode = 1
} finally {
  rmSync(temporary, { recursive: true, force: true })
}

/**
 * Packs with pnpm, which applies publishConfig, catalog and workspace versions and adds the LICENSE of the
 * root.
 */
function pack({ folder, manifest }: Package): string {
  const { packageManager } = JSON.parse(readFileSync(join(rootFolder, 'package.json'), 'utf8')) as {
    packageManager: string
  }
  const destination = join(temporary, basename(folder))
  mkdirSync(destination)
  run('npx', ['--yes', packageManager, 'pack', '--pack-destination', destination], join(rootFolder, folder))
  const [file] = readdirSync(destination)
  if (file === undefined) throw new Error(`pnpm packed nothing for ${manifest.name}`)
  return join(destination, file)
}

/** What a tarball must and must not hold, then publint and attw. */
function lookInside(tarball: string): void {
  const folder = join(tarball, '..', 'unpacked')
  mkdirSync(folder)
  run('tar', ['-xzf', tarball, '-C', folder], temporary)
  const manifest = JSON.parse(readFileSync(join(folder, 'package', 'package.json'), 'utf8')) as Manifest
  const files = readdirSync(join(folder, 'package'), { recursive: true, encoding: 'utf8' })
  const wanted = ['README.md', 'LICENSE', ...doors(manifest)]
  const missing = wanted.filter((file) => !existsSync(join(folder, 'package', file)))
  const unwanted = files.filter((file) =>
    /(^|\/)(test|fixtures|node_modules)\/|\.test\.|tsbuildinfo|\.env/.test(file),
  )
  const unresolved = JSON.stringify(manifest).match(/"(workspace|catalog):[^"]*"|@parley\/source/g) ?? []
  for (const [what, found] of Object.entries({
    lacks: missing,
    'should not hold': unwanted,
    leaks: unresolved,
    'should run in browsers, but for': browserSafe.has(manifest.name) ? nodeImports(folder, files) : [],
  })) {
    if (found.length > 0) throw new Error(`The tarball of ${manifest.name} ${what}: ${found.join(', ')}`)
  }
  run(toolPath('publint'), ['--strict', tarball], rootFolder)
  run(toolPath('attw'), ['--profile', 'esm-only', tarball], rootFolder)
  console.log(`ok  ${manifest.name}: ${files.length} files, publint and attw content`)
}

function nodeImports(folder: string, files: readonly string[]): string[] {
  const scripts = files.filter((file) => file.endsWith('.js'))
  return scripts.filter((file) =>
    /\b(from|import|require)\b *\(? *["']node:/.test(readFileSync(join(folder, 'package', file), 'utf8')),
  )
}

/** What the source of each door exports, by the door's name. */
async function exported(packages: readonly Package[]): Promise<Map<string, readonly string[]>> {
  const names = new Map<string, readonly string[]>()
  for (const { folder, manifest } of packages) {
    for (const [door, { '@parley/source': source = '' }] of Object.entries(manifest.exports)) {
      const module = (await import(join(rootFolder, folder, source))) as object
      names.set(join(manifest.name, door), Object.keys(module).sort())
    }
  }
  return names
}

/** The files that the exports of a packed manifest name. */
function doors(manifest: Manifest): string[] {
  return Object.values(manifest.exports).flatMap((entry) => Object.values(entry))
}

/**
 * Installs the tarballs into an empty project, type-checks an import of every door (the .d.ts included), and
 * looks whether each exports what its source does.
 */
function tryAsConsumer(
  packages: readonly Package[],
  tarballs: readonly string[],
  doors: ReadonlyMap<string, readonly string[]>,
): void {
  const folder = join(temporary, 'consumer')
  mkdirSync(folder)
  const entries = packages.map(({ manifest }, i): [string, string] => [manifest.name, `file:${tarballs[i]}`])
  const dependencies = { ...Object.fromEntries(entries), '@types/node': '^20.19.0' }
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', private: true, dependencies }))
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify(consumerTsconfig))
  const imports = [...doors.keys()].map((name, i) => `import * as door${i} from '${name}'`)
  const checks = [...doors].map(
    ([name, names], i) =>
      `if (Object.keys(door${i}).sort().join() !== '${names.join()}') ` +
      `throw new Error('${name} exports ' + Object.keys(door${i}).join())`,
  )
  writeFileSync(join(folder, 'index.ts'), [...imports, ...checks, "import 'node:process'", ''].join('\n'))

  run('npm', ['install', '--no-audit', '--no-fund', '--no-package-lock'], folder)
  run(toolPath('tsc'), ['-p', folder], folder)
  run('node', ['index.js'], folder)
  console.log(`ok  a new project installs, type-checks and imports ${[...doors.keys()].join(', ')}`)
}

/** Runs a command; throws with everything it printed when it fails. */
function run(command: string, args: readonly string[], cwd: string): void {
  const { status, stdout, stderr, error } = spawnSync(command, args, { cwd, encoding: 'utf8' })
  if (status === 0) return
  const printed = `${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}`
  throw new Error(`${[basename(command), ...args].join(' ')} failed:\n${printed}`)
}
