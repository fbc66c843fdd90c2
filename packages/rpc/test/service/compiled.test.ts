// Services compiled by tsc itself, for the targets people use, and run by node without any loader.
import { execFile } from 'node:child_process'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, describe, expect, it } from 'vitest'

const run = promisify(execFile)
const packageFolder = fileURLToPath(new URL('../..', import.meta.url))
const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc')
/** Below the package's own node_modules, so that what it imports is found; a folder for each run. */
const output = join(packageFolder, 'node_modules', '.cache', `compiled-${process.pid}`)

const legacy = ['--experimentalDecorators', '--emitDecoratorMetadata']

afterAll(() => rm(output, { recursive: true, force: true }))

/** Compiles program.ts with these options, runs it and gives what it printed. */
async function compileAndRun(name: string, options: readonly string[]): Promise<unknown> {
  const folder = join(output, name)
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), '{ "type": "module" }')
  const program = 'test/service/compiled/program.ts'
  const fixed = ['--ignoreConfig', '--noCheck', '--module', 'nodenext', '--moduleResolution', 'nodenext']
  const layout = ['--rewriteRelativeImportExtensions', '--rootDir', '../..', '--outDir', folder]
  const source = ['--customConditions', '@parley/source', '--strict', '--types', 'node']
  await run(process.execPath, [tsc, ...fixed, ...layout, ...source, ...options, program], {
    cwd: packageFolder,
  })
  const compiled = join(folder, 'packages', 'rpc', program.replace('.ts', '.js'))
  const { stdout } = await run(process.execPath, [compiled])
  return JSON.parse(stdout)
}

/** What the program prints, with these argument checks. */
function printed(buyChecks?: unknown[], pricesChecks?: unknown[]): unknown {
  const buy = {
    name: 'buy',
    kind: 'unary',
    idempotent: true,
    effect: 'query',
    ...(buyChecks && { argumentChecks: buyChecks }),
  }
  const checks = pricesChecks && { argumentChecks: pricesChecks }
  const prices = { name: 'prices', kind: 'stream', idempotent: false, effect: 'once', ...checks }
  return { name: 'shop.v1', methods: [buy, prices], bought: 6, isSame: true }
}

describe('compiled by tsc', { timeout: 60_000 }, () => {
  it('with experimentalDecorators and emitDecoratorMetadata', async () => {
    const expected = printed(['string', 'number', null], ['string'])
    await expect(compileAndRun('metadata', [...legacy, '--target', 'es2022'])).resolves.toEqual(expected)
  })

  it('with experimentalDecorators alone', async () => {
    await expect(
      compileAndRun('legacy', ['--experimentalDecorators', '--target', 'es2022']),
    ).resolves.toEqual(printed())
  })

  it('with standard decorators', async () => {
    await expect(compileAndRun('standard', ['--target', 'es2022'])).resolves.toEqual(printed())
  })
})
