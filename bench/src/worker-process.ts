// The main process's end of a worker: starts it, sends it orders, and turns its death into an error.
import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { OrderName, Orders, Reply, Request } from './orders.ts'

/** Milliseconds an order may take: far beyond any workload, so that only a hang is cut off. */
const patience = 180_000

interface Pending {
  readonly resolve: (value: never) => void
  readonly reject: (reason: Error) => void
  readonly timer: NodeJS.Timeout
}

export class WorkerProcess {
  readonly #child: ChildProcess
  readonly #contender: string
  readonly #pending = new Map<number, Pending>()
  #nextId = 0

  /** `flags` are Node's, beside those of this process. */
  constructor(contender: string, flags: readonly string[]) {
    this.#contender = contender
    // Run from source or compiled, the worker is the file of the same kind beside this one.
    const file = fileURLToPath(new URL(`./worker${import.meta.url.slice(-3)}`, import.meta.url))
    this.#child = fork(file, [contender], { execArgv: [...process.execArgv, '--expose-gc', ...flags] })
    this.#child.on('message', (reply: Reply) => this.#receive(reply))
    this.#child.on('error', (error) => this.#fail(error.message))
    this.#child.on('exit', (code, signal) => this.#fail(`ended with ${signal ?? `code ${code}`}`))
  }

  /** Throws what the worker threw, or that it died, or that it took longer than any workload can. */
  ask<K extends OrderName>(name: K, input: Parameters<Orders[K]>[0]): Promise<ReturnType<Orders[K]>> {
    const id = this.#nextId++
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#fail(`did not answer '${name}'`), patience)
      this.#pending.set(id, { resolve, reject, timer })
      this.#child.send({ id, name, input } satisfies Request)
    })
  }

  stop(): void {
    this.#child.kill('SIGKILL')
  }

  #receive(reply: Reply): void {
    const pending = this.#pending.get(reply.id)
    if (!pending) return
    this.#pending.delete(reply.id)
    clearTimeout(pending.timer)
    if ('error' in reply) pending.reject(new Error(`${this.#contender}: ${reply.error}`))
    else pending.resolve(reply.value as never)
  }

  #fail(what: string): void {
    for (const pending of this.#pending.values()) {
      clearTimeout(pending.timer)
      pending.reject(new Error(`${this.#contender}: the worker ${what}`))
    }
    this.#pending.clear()
  }
}
