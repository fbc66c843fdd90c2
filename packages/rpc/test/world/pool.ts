// Runs seeds in several processes at once: each world takes over the globals of its process for itself.
import { fork, type ChildProcess } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Summary } from './simulate.ts'

/** See the head of this file. */
export class Pool {
  readonly #workers: readonly ChildProcess[]

  constructor(processes: number) {
    const program = fileURLToPath(new URL('worker.ts', import.meta.url))
    this.#workers = Array.from({ length: processes }, () => fork(program))
  }

  /** Runs slice after slice, as workers become free; `done` is told each. Ends when there is none left. */
  async run(slices: Iterator<readonly number[]>, done: (summary: Summary) => void): Promise<void> {
    await Promise.all(this.#workers.map((worker) => this.#keepBusy(worker, slices, done)))
  }

  close(): void {
    for (const worker of this.#workers) worker.disconnect()
  }

  async #keepBusy(
    worker: ChildProcess,
    slices: Iterator<readonly number[]>,
    done: (summary: Summary) => void,
  ): Promise<void> {
    for (let next = slices.next(); next.done !== true; next = slices.next())
      done(await this.#ask(worker, next.value))
  }

  #ask(worker: ChildProcess, seeds: readonly number[]): Promise<Summary> {
    return new Promise((resolve, reject) => {
      const died = (): void => reject(new Error(`a process died at one of the seeds ${seeds.join()}`))
      worker.once('exit', died)
      worker.once('message', (summary) => {
        worker.off('exit', died)
        resolve(summary as Summary)
      })
      worker.send([...seeds])
    })
  }
}
