// One process that is started again whenever it is killed, until it is told to end.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { setTimeout as sleep } from 'node:timers/promises'

/** All processes that are alive, for whoever must end them without further ado. */
const alive = new Set<ChildProcess>()
process.once('exit', endAll)

/** Ends every process at once. */
export function endAll(): void {
  for (const child of alive) child.kill('SIGKILL')
}

/** The place of a process. */
export class Slot {
  readonly name: string
  readonly #program: string
  readonly #settings: object
  readonly #failed: (error: Error) => void
  #child: ChildProcess | undefined
  #ready: Promise<unknown> = Promise.resolve()
  #killed = false
  #heard = 0
  #ending = false

  /** `failed` hears of an end that nobody wanted, and of anything it writes to its stderr. */
  constructor(name: string, program: string, settings: object, failed: (error: Error) => void) {
    this.name = name
    this.#program = program
    this.#settings = settings
    this.#failed = failed
    this.#start()
  }

  /** Resolves once the process, as it is now, does its work. */
  get ready(): Promise<unknown> {
    return this.#ready
  }

  /** How often it has said something, all its processes together. */
  get heard(): number {
    return this.#heard
  }

  /** Resolves once the process that was killed is gone and another one was started. */
  async whenThere(): Promise<void> {
    while (this.#killed) await sleep(1)
  }

  /** Kills it with SIGKILL, whatever it is doing; another one is started. */
  kill(): void {
    const child = this.#child
    if (child === undefined || this.#killed) return
    this.#killed = true
    child.kill('SIGKILL')
    // By then the next one was started.
    this.#ready = once(child, 'close').then(() => this.#ready)
  }

  /** Stops it with SIGSTOP: it is there, and does nothing. */
  pause(): void {
    this.#child?.kill('SIGSTOP')
  }

  /** Lets it go on. */
  goOn(): void {
    this.#child?.kill('SIGCONT')
  }

  /** Has it end in good order, and resolves when it has. Rejects when that takes longer than it may. */
  async end(how: 'SIGTERM' | 'message', most: number): Promise<void> {
    const child = this.#child
    this.#ending = true
    if (child === undefined || child.exitCode !== null) return
    const gone = once(child, 'exit')
    if (how === 'SIGTERM') child.kill('SIGTERM')
    else child.send('end')
    let timer: NodeJS.Timeout | undefined
    const late = new Promise<'late'>((resolve) => (timer = setTimeout(() => resolve('late'), most)))
    const first = await Promise.race([gone, late])
    clearTimeout(timer)
    if (first === 'late') throw new Error(`${this.name} did not end within ${most / 1000} s`)
    if (child.exitCode !== 0) throw new Error(`${this.name} ended with ${child.exitCode ?? child.signalCode}`)
  }

  #start(): void {
    const child = fork(this.#program, [JSON.stringify(this.#settings)], {
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: [],
    })
    alive.add(child)
    this.#child = child
    this.#killed = false
    child.on('message', () => (this.#heard += 1))
    let stderr = ''
    child.stderr?.setEncoding('utf8').on('data', (text: string) => (stderr += text))
    this.#ready = Promise.race([once(child, 'message'), once(child, 'exit')])
    child.once('close', (code, signal) => {
      alive.delete(child)
      if (stderr !== '') this.#failed(new Error(`${this.name} complained:\n${stderr}`))
      if (this.#ending) return
      if (this.#killed) this.#start()
      else this.#failed(new Error(`${this.name} ended by itself, with ${code ?? signal}`))
    })
  }
}
