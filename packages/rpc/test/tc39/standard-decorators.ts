// A vite plugin for the tests that run with standard (TC39) decorators, which vitest's own transform cannot
// read.
import { transform } from '@swc/core'
import type { Plugin } from 'vite'

/** Compiles the test files of this package with standard decorators; everything else is left to vitest. */
export function standardDecorators(): Plugin {
  return {
    name: 'standard-decorators',
    enforce: 'pre',
    async transform(code, id) {
      if (!testFile.test(id)) return undefined
      const { code: compiled, map } = await transform(code, {
        filename: id,
        sourceMaps: true,
        configFile: false,
        swcrc: false,
        jsc: {
          target: 'es2022',
          parser: { syntax: 'typescript', decorators: true },
          transform: { decoratorVersion: '2022-03', verbatimModuleSyntax: true },
        },
      })
      return map === undefined ? { code: compiled } : { code: compiled, map }
    },
  }
}

const testFile = /\/packages\/rpc\/test\/.*\.ts$/
