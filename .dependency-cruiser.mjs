// The layer rules for the sources of the packages, as dependency-cruiser reads them. They are made from
// scripts/layers.json; only the rules that need no table are written here. Cycles are the linter's: it knows
// an import of a value from an import of a type.
import { readFileSync } from 'node:fs'

const read = (path) => JSON.parse(readFileSync(new URL(path, import.meta.url), 'utf8'))
const table = read('./scripts/layers.json')
const packages = Object.keys(table)

/** The files of a package that others may import: what its `exports` name. */
const doors = (name) =>
  Object.values(read(`./${name}/package.json`).exports).map((entry) =>
    exactly(`${name}/${entry['@parley/source'].replace('./', '')}`),
  )

const forbidden = [
  {
    name: 'no-unresolvable',
    severity: 'error',
    comment: 'An import must lead somewhere.',
    from: {},
    to: { couldNotResolve: true },
  },
  {
    name: 'no-undeclared-package',
    severity: 'error',
    comment: 'What a package imports stands in its own package.json, and its source uses no devDependency.',
    from: { path: '^packages/[^/]+/src/' },
    to: { dependencyTypes: ['npm-no-pkg', 'npm-unknown', 'npm-dev'], pathNot: 'node_modules/@types/node/' },
  },
]

for (const [name, { uses, pure, layers }] of Object.entries(table)) {
  const others = packages.filter((other) => other !== name)
  forbidden.push({
    name: `${name}-uses`,
    severity: 'error',
    comment: `${name} uses ${uses.join(', ') || 'no other package'}.`,
    from: { path: `^${name}/src/` },
    to: { path: others.filter((other) => !uses.includes(other)).map((other) => `^${other}/`) },
  })
  forbidden.push({
    name: `${name}-door`,
    severity: 'error',
    comment: `From another package, ${name} is imported only through its exports.`,
    from: { path: '^packages/', pathNot: `^${name}/` },
    to: { path: `^${name}/`, pathNot: doors(name) },
  })
  for (const [layer, below] of Object.entries(layers)) {
    if (below.includes('*')) continue
    forbidden.push({
      name: `${name}-${layer}`,
      severity: 'error',
      comment: `${layer} may import ${below.join(', ') || 'nothing'}.`,
      from: { path: inside(name, layer) },
      to: { path: `^${name}/src/`, pathNot: [layer, ...below].map((each) => inside(name, each)) },
    })
  }
  for (const layer of pure) {
    forbidden.push({
      name: `${name}-${layer}-pure`,
      severity: 'error',
      comment: `${layer} is pure: no Node built-in and no package.`,
      from: { path: inside(name, layer) },
      to: { dependencyTypes: ['core', 'npm', 'npm-dev', 'npm-peer', 'npm-optional'] },
    })
  }
}

export default {
  forbidden,
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['@parley/source', 'node', 'import', 'types', 'default'],
      extensions: ['.ts', '.mjs', '.js', '.json'],
    },
  },
}

function inside(name, layer) {
  return layer.endsWith('.ts') ? exactly(`${name}/src/${layer}`) : `^${name}/src/${layer}/`
}

function exactly(path) {
  return `^${path.replaceAll('.', '\\.')}$`
}
