// The tidy rules: what holds for every file of the repository and no other tool says. Each has its sentence,
// a function from the tree to the problems found, and a tiny tree that breaks it, so that no rule is one that
// cannot fail.
import layerTable from '../../scripts/layers.json' with { type: 'json' }
import { findAll, importsOf, resolveImport, type TextFile, withoutComments, withoutTables } from './tree.ts'

/** One rule. */
export interface TidyRule {
  readonly says: string
  /** The problems in a tree, each as `path:line: what`. */
  readonly find: (tree: readonly TextFile[]) => string[]
  /** A tree that breaks the rule, and only just. */
  readonly broken: readonly TextFile[]
}

interface PackageLayers {
  readonly uses: readonly string[]
  readonly pure: readonly string[]
  /** What each folder or file of src may import of the others; `*`: any of them. */
  readonly layers: Readonly<Record<string, readonly string[]>>
}

const packages = new Map<string, PackageLayers>(Object.entries(layerTable))
const longestFile = 400
const longestLine = 110

export const tidyRules: readonly TidyRule[] = [
  {
    says: 'A folder imports only what lies below it',
    find: (tree) => sourceFiles(tree).flatMap(wrongLayers),
    broken: [{ path: 'packages/core/src/spdu/read.ts', text: "import { step } from '../machine/step.ts'" }],
  },
  {
    says: 'A package imports another only if it stands above it',
    find: (tree) => sourceFiles(tree).flatMap(wrongPackages),
    broken: [{ path: 'packages/core/src/index.ts', text: "export * from '@parley/rpc'" }],
  },
  {
    says: 'The source of a package is imported from outside only by the name of the package',
    find: (tree) => codeFiles(tree).flatMap(deepImports),
    broken: [{ path: 'scripts/tool.ts', text: "import '../packages/core/src/index.ts'" }],
  },
  {
    says: 'Every source file of a layered package belongs to a layer',
    find: (tree) => sourceFiles(tree).flatMap(layerless),
    broken: [{ path: 'packages/core/src/utilities/misc.ts', text: '' }],
  },
  {
    says: 'The pure folders touch no clock, timer, randomness, process, console or Node built-in',
    find: (tree) =>
      sourceFiles(tree)
        .filter(isPure)
        .flatMap((file) => findAll(file, environment, withoutComments(file.text))),
    broken: [{ path: 'packages/core/src/session/book/step.ts', text: 'const now = Date.now()' }],
  },
  {
    says: `No file is longer than ${longestFile} lines, tables excepted`,
    find: (tree) => codeFiles(tree).flatMap(tooLong),
    broken: [{ path: 'packages/core/src/session/session.ts', text: '\n'.repeat(longestFile + 1) }],
  },
  {
    says: `No line is longer than ${longestLine} columns, tables laid out by hand excepted`,
    find: (tree) => codeFiles(tree).flatMap((file) => findAll(file, tooWide, withoutTables(file.text))),
    broken: [{ path: 'examples/hello/main.ts', text: 'x'.repeat(longestLine + 1) }],
  },
  {
    says: 'Every source file is an entry of its package or is imported by another source file',
    find: neverImported,
    broken: [
      {
        path: 'packages/core/package.json',
        text: '{ "exports": { ".": { "@parley/source": "./src/index.ts" } } }',
      },
      { path: 'packages/core/src/index.ts', text: '' },
      { path: 'packages/core/src/forgotten.ts', text: '' },
    ],
  },
  {
    says: 'No mark of unfinished work, no test left out or singled out',
    find: (tree) => codeFiles(tree).flatMap((file) => findAll(file, unfinished)),
    broken: [{ path: 'packages/rpc/src/peer/peer.ts', text: ['// TO', 'DO: think'].join('') }],
  },
  {
    says: 'Every entry of a package has a line in its README',
    find: entriesWithoutReadme,
    broken: [
      {
        path: 'packages/core/package.json',
        text: '{ "name": "@parley/core", "exports": { "./testing": {} } }',
      },
      { path: 'packages/core/README.md', text: '`@parley/core`' },
    ],
  },
  {
    says: 'Every bound of a limits.ts is named by a test of its package',
    find: untestedLimits,
    broken: [{ path: 'packages/core/src/limits.ts', text: '  readonly maxSpduLength: number' }],
  },
  {
    says: 'Every code file starts by saying what it is',
    find: (tree) =>
      codeFiles(tree)
        .filter(startsWithoutComment)
        .map(({ path }) => `${path}:1: no comment`),
    broken: [{ path: 'packages/core/src/index.ts', text: 'export {}' }],
  },
  {
    says: 'The lockfile records no address',
    find: (tree) =>
      tree.filter(({ path }) => path === 'pnpm-lock.yaml').flatMap((file) => findAll(file, address)),
    broken: [{ path: 'pnpm-lock.yaml', text: 'resolution: { tarball: x.tgz }' }],
  },
  {
    says: 'No file names a place on the machine it was written on',
    find: (tree) => tree.flatMap((file) => findAll(file, machinePath)),
    broken: [{ path: 'README.md', text: ['see /ho', 'me/someone/notes.md'].join('') }],
  },
]

const environment = new RegExp(
  [
    /node:/,
    /\b(?:Date|performance)\b/,
    /\b(?:set|clear)(?:Timeout|Interval|Immediate)\b|\bqueueMicrotask\b/,
    /\bMath\.random\b|\bcrypto\./,
    /\b(?:process|console|globalThis)\.|\bBuffer\b/,
  ]
    .map(({ source }) => source)
    .join('|'),
)
const tooWide = new RegExp(`^.{${longestLine + 1},}$`, 'u')
const unfinished = /\b(?:TOD[O]|FIXM[E]|XX[X]|HAC[K])\b|\b(?:it|test|describe)\.(?:only|skip|todo)\b/
const address = /https?:\/\/|tarball:/
const machinePath = /(?<![\w.:/-])\/(?:home|root|Users|work|mnt|srv)\/[\w.-]+/

function codeFiles(tree: readonly TextFile[]): TextFile[] {
  return tree.filter(({ path }) => /\.(?:ts|mjs)$/.test(path) && !/\/fixtures\//.test(path))
}

function sourceFiles(tree: readonly TextFile[]): TextFile[] {
  return codeFiles(tree).filter(({ path }) => /^packages\/[^/]+\/src\//.test(path))
}

/** `packages/core` of `packages/core/src/spdu/read.ts`. */
function packageOf(path: string): string {
  return path.split('/').slice(0, 2).join('/')
}

/**
 * The layer of scripts/layers.json that a source file is in: `spdu`, `limits.ts` for a file that is one by
 * itself, `session/book` for a folder that is one within another.
 */
function layerOf(path: string): string | undefined {
  const [, , , first = '', second = ''] = path.split('/')
  const layers = packages.get(packageOf(path))?.layers ?? {}
  return [`${first}/${second}`, first].find((layer) => layers[layer] !== undefined)
}

function isPure({ path }: TextFile): boolean {
  const within = path.slice(`${packageOf(path)}/src/`.length)
  const pure = packages.get(packageOf(path))?.pure ?? []
  return pure.some((place) => within === place || within.startsWith(`${place}/`))
}

function wrongLayers(file: TextFile): string[] {
  const own = layerOf(file.path)
  if (own === undefined) return []
  const below = packages.get(packageOf(file.path))?.layers[own] ?? []
  if (below.includes('*')) return []
  const relative = importsOf(file).filter((specifier) => specifier.startsWith('.'))
  return relative
    .filter((specifier) => {
      const layer = layerOf(resolveImport(file, specifier))
      return layer !== own && (layer === undefined || !below.includes(layer))
    })
    .map((specifier) => `${file.path}: ${own} may not import ${specifier}`)
}

function wrongPackages(file: TextFile): string[] {
  const uses = packages.get(packageOf(file.path))?.uses ?? []
  return importsOf(file)
    .filter((specifier) => {
      const [scope, name] = specifier.split('/')
      return scope === '@parley' && !uses.includes(`packages/${name}`)
    })
    .map((specifier) => `${file.path}: may not import ${specifier}`)
}

function deepImports(file: TextFile): string[] {
  return importsOf(file)
    .filter((specifier) => specifier.startsWith('.'))
    .filter((specifier) => {
      const path = resolveImport(file, specifier)
      return /^packages\/[^/]+\/src\//.test(path) && packageOf(path) !== packageOf(file.path)
    })
    .map((specifier) => `${file.path}: may not import ${specifier}`)
}

function layerless({ path }: TextFile): string[] {
  const layers = packages.get(packageOf(path))?.layers ?? {}
  const free = Object.keys(layers).length === 0 || path === `${packageOf(path)}/src/index.ts`
  return free || layerOf(path) !== undefined ? [] : [`${path}: in no layer of scripts/layers.json`]
}

function tooLong({ path, text }: TextFile): string[] {
  const lines = text.split('\n').length - 1
  const isTable = /\/tables\/|\/table\.ts$/.test(path)
  return lines <= longestFile || isTable ? [] : [`${path}: ${lines} lines`]
}

function neverImported(tree: readonly TextFile[]): string[] {
  const sources = sourceFiles(tree)
  const imported = new Set(
    sources.flatMap((file) =>
      importsOf(file)
        .map((specifier) => resolveImport(file, specifier))
        .filter((path) => path !== file.path),
    ),
  )
  const manifests = new Map(tree.map(({ path, text }) => [path, text]))
  return sources
    .filter(({ path }) => {
      const manifest = manifests.get(`${packageOf(path)}/package.json`) ?? ''
      return !imported.has(path) && !manifest.includes(`"./${path.split('/').slice(2).join('/')}"`)
    })
    .map(({ path }) => `${path}: nobody imports it`)
}

function entriesWithoutReadme(tree: readonly TextFile[]): string[] {
  const texts = new Map(tree.map(({ path, text }) => [path, text]))
  return [...packages.keys()].flatMap((folder) => {
    const manifest = texts.get(`${folder}/package.json`)
    if (manifest === undefined) return []
    const { name, exports } = JSON.parse(manifest) as { name: string; exports: Record<string, unknown> }
    const readme = texts.get(`${folder}/README.md`) ?? ''
    const entries = Object.keys(exports).map((entry) => name + entry.slice(1))
    return entries
      .filter((entry) => !new RegExp(`${entry}(?![\\w/-])`).test(readme))
      .map((entry) => `${folder}/README.md: nothing about ${entry}`)
  })
}

function untestedLimits(tree: readonly TextFile[]): string[] {
  return sourceFiles(tree)
    .filter(({ path }) => path.endsWith('/limits.ts'))
    .flatMap((file) => {
      const folder = packageOf(file.path)
      const tests = tree.filter(({ path }) => path.startsWith(`${folder}/test/`)).map(({ text }) => text)
      const code = withoutComments(file.text)
      const names = [...code.matchAll(/^ +(?:readonly )?(\w+): |^export const (\w+): number/gm)].map(
        ([, property, constant]) => property ?? constant ?? '',
      )
      const untested = [...new Set(names)].filter((name) => !tests.some((text) => hasWord(text, name)))
      return untested.map((name) => `${file.path}: no test names ${name}`)
    })
}

function hasWord(text: string, word: string): boolean {
  return new RegExp(`\\b${word}\\b`).test(text)
}

function startsWithoutComment({ text }: TextFile): boolean {
  return !/^(?:#!.*\n)?\/[/*]/.test(text)
}
