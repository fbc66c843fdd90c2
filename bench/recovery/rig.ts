// What figures are measured with: a folder, the programs, and a PostgreSQL for those that want one.
import { rm } from 'node:fs/promises'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrivatePostgres } from '../../scripts/postgres.ts'
import { bundle, type Programs } from '../harness/bundle.ts'
import { Child, endAll } from './child.ts'
import type { NodeSettings } from './programs/node.ts'

const sources = {
  node: new URL('programs/node.ts', import.meta.url),
  bare: new URL('programs/bare.ts', import.meta.url),
  cable: new URL('programs/cable.ts', import.meta.url),
  crowd: new URL('programs/crowd.ts', import.meta.url),
}

/** See the head of this file. */
export class Rig {
  /** On the disk of the temporary folder. */
  readonly folder: string
  readonly #programs: Programs<keyof typeof sources>
  #postgres: Promise<PrivatePostgres> | undefined

  static async make(): Promise<Rig> {
    const folder = mkdtempSync(join(tmpdir(), 'parley-recovery-'))
    try {
      return new Rig(folder, await bundle(folder, sources))
    } catch (thrown) {
      await rm(folder, { recursive: true, force: true })
      throw thrown
    }
  }

  private constructor(folder: string, programs: Programs<keyof typeof sources>) {
    this.folder = folder
    this.#programs = programs
  }

  /** Starts a process. */
  start(program: keyof typeof sources, settings: object): Child {
    return new Child(this.#programs[program], settings)
  }

  /** Starts a server. */
  node(settings: NodeSettings): Child {
    return this.start('node', settings)
  }

  /** The PostgreSQL of this run, started when it is first asked for. */
  postgres(): Promise<PrivatePostgres> {
    this.#postgres ??= PrivatePostgres.start()
    return this.#postgres
  }

  /** Leaves no process and no file behind. */
  async remove(): Promise<void> {
    endAll()
    await (await this.#postgres)?.remove()
    await rm(this.folder, { recursive: true, force: true, maxRetries: 5 })
  }
}
