// A process that was started to be measured: it says when it is ready, answers what it is asked, and is
// killed or stopped when that is what is measured.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** All processes that are alive, for whoever must end them without further ado. */
const alive = new Set<ChildProcess>()
process.once('exit', endAll)

/** Ends every process at once. */
export function endAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

/** One process. */
export class Child {
  /** Resolves with what it says first; rejects when it ends before that. */
  readonly ready: Promise<unknown>
  readonly #name: string
  readonly #process: ChildProcess
  readonly #gone: Promise<unknown>
  /** Who waits for an answer, in order. */
  readonly #waiting: Waiting<unknown>[] = []

  constructor(program: string, settings: object) {
    this.#name = program
    const child = fork(program, [JSON.stringify(settings)], { stdio: 'inherit', execArgv: [] })
    this.#process = child
    alive.add(child)
    this.#gone = once(child, 'exit')
    child.on('message', (answer) => this.#waiting.shift()?.resolve(answer))
    child.once('exit', (code, signal) => {
      alive.delete(child)
      const ended = new Error(`${this.#name} ended (${code ?? signal}) before it had answered`)
      for (const { reject } of this.#waiting.splice(0)) reject(ended)
    })
    this.ready = this.#next()
  }

  /** Asks it, and resolves with what it answers: one question after the other. */
  ask(question: string | number): Promise<unknown> {
    const answer = this.#next()
    this.#process.send(question)
    return answer
  }

  /** Ends it with SIGKILL, and resolves when it is gone. */
  async kill(): Promise<void> {
    this.#process.kill('SIGKILL')
    await this.#gone
  }

  /** Stops it with SIGSTOP: it is there, and does nothing. */
  stop(): void {
    this.#process.kill('SIGSTOP')
  }

  #next(): Promise<unknown> {
    const waiting = withResolvers<unknown>()
    waiting.promise.catch(() => undefined)
    this.#waiting.push(waiting)
    return waiting.promise
  }
}

interface Waiting<T> {
  readonly promise: Promise<T>
  readonly resolve: (value: T) => void
  readonly reject: (error: Error) => void
}

function withResolvers<T>(): Waiting<T> {
  let resolve: (value: T) => void = () => undefined
  let reject: (error: Error) => void = () => undefined
  const promise = new Promise<T>((yes, no) => ([resolve, reject] = [yes, no]))
  return { promise, resolve, reject }
}
