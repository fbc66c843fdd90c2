// How the tests run: against the source of every package (the condition @parley/source), with
// the decorators of TypeScript; those of rpc's services once more with standard decorators.
import { availableParallelism } from 'node:os'
import { defineConfig } from 'vitest/config'
import { standardDecorators } from './packages/rpc/test/tc39/standard-decorators.ts'

const conditions = ['@parley/source']
const standardOnly = 'packages/rpc/test/tc39/**/*.test.ts'

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    // Room for a loaded machine: a test that waits for ever is as wrong after 20 seconds as after 5.
    testTimeout: 20_000,
    hookTimeout: 20_000,
    // Many tests wait for processes and disks: two workers keep two processors busy.
    maxWorkers: Math.max(2, availableParallelism() - 1),
    projects: [
      {
        extends: true,
        test: {
          name: 'all',
          include: [
            'packages/*/test/**/*.test.ts',
            'examples/test/**/*.test.ts',
            'bench/test/**/*.test.ts',
            'test/**/*.test.ts',
          ],
          exclude: [standardOnly, '**/node_modules/**'],
        },
      },
      {
        extends: true,
        plugins: [standardDecorators()],
        test: {
          name: 'tc39',
          include: [standardOnly, 'packages/rpc/test/service/decorated/**/*.test.ts'],
        },
      },
    ],
  },
})
