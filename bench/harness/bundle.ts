// Programs that are started as processes of their own, each as one file: what is started again and again must
// start quickly, and what is measured must not be run through a loader.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import { rootFolder } from '../../scripts/workspace.ts'

/** Where each is. */
export type Programs<Name extends string> = Readonly<Record<Name, string>>

/** Writes them, given by where their sources are, into a folder. */
export async function bundle<Name extends string>(
  folder: string,
  sources: Readonly<Record<Name, URL>>,
): Promise<Programs<Name>> {
  const each = (place: (name: Name) => string): Programs<Name> =>
    Object.fromEntries(Object.keys(sources).map((name) => [name, place(name as Name)])) as Programs<Name>
  await build({
    configFile: false,
    logLevel: 'error',
    plugins: [native],
    resolve: { conditions: ['@parley/source'] },
    ssr: { noExternal: true, resolve: { conditions: ['@parley/source'] } },
    build: {
      ssr: true,
      outDir: folder,
      emptyOutDir: false,
      minify: false,
      rolldownOptions: {
        input: each((name) => fileURLToPath(sources[name])),
        output: { entryFileNames: '[name].mjs' },
      },
    },
  })
  return each((name) => join(folder, `${name}.mjs`))
}

/** What brings a library of machine code along stays where it is. */
const native: Plugin = {
  name: 'native',
  enforce: 'pre',
  resolveId(id) {
    if (id === 'pg-native') return { id, external: true }
    if (id !== 'lmdb') return null
    const require = createRequire(join(rootFolder, 'packages/store-lmdb/package.json'))
    return { id: pathToFileURL(require.resolve(id)).href, external: true }
  },
}
