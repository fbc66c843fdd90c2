// How the tests run: against the source of every package (the condition @parley/source), with
// the decorators of TypeScript.
import { defineConfig } from 'vitest/config'

const conditions = ['@parley/source']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  oxc: { decorator: { legacy: true, emitDecoratorMetadata: true } },
  test: {
    include: [
      'packages/*/test/**/*.test.ts',
      'examples/test/**/*.test.ts',
      'bench/test/**/*.test.ts',
      'test/**/*.test.ts',
    ],
  },
})
