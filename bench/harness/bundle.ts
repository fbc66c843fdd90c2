// The programs of the harness, each as one file: a process that is started thousands of times must start
// quickly.
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'vite'
import { rootFolder } from '../../scripts/workspace.ts'

/** Where each is. */
export type Programs = Readonly<Record<'node' | 'client', string>>

/** Writes them into a folder. */
export async function bundle(folder: string): Promise<Programs> {
  const programs = { node: pathOf('node.ts'), client: pathOf('client.ts') }
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
      rolldownOptions: { input: programs, output: { entryFileNames: '[name].mjs' } },
    },
  })
  return { node: join(folder, 'node.mjs'), client: join(folder, 'client.mjs') }
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

function pathOf(file: string): string {
  return fileURLToPath(new URL(file, import.meta.url))
}
