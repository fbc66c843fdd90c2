// The nodes as processes: started, killed without a word, and started again on the same port.
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'

/** Some nodes with one store. */
export class Cluster {
  kills = 0
  readonly #args: readonly string[]
  readonly #nodes: { port: number; child: ChildProcess | undefined }[]

  /** `args` say where journal and store are. Ports of 0 are chosen at the first start. */
  constructor(size: number, args: readonly string[]) {
    this.#args = args
    this.#nodes = Array.from({ length: size }, () => ({ port: 0, child: undefined }))
  }

  get ports(): readonly number[] {
    return this.#nodes.map(({ port }) => port)
  }

  async start(): Promise<void> {
    for (const number of this.#nodes.keys()) await this.#start(number)
  }

  /** Kills a node with SIGKILL and starts it again. */
  async restart(number: number): Promise<void> {
    const child = this.#nodes[number]?.child
    if (child === undefined) return
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
    this.kills++
    await this.#start(number)
  }

  /** Ends all nodes, in good order. */
  async stop(): Promise<void> {
    for (const { child } of this.#nodes) {
      if (child === undefined || child.exitCode !== null) continue
      const gone = once(child, 'exit')
      child.kill('SIGTERM')
      await gone
    }
  }

  async #start(number: number): Promise<void> {
    const node = this.#nodes[number]
    if (node === undefined) throw new RangeError(`there is no node ${number}`)
    const child = fork(new URL('node.ts', import.meta.url), ['--port', `${node.port}`, ...this.#args])
    const [message] = (await Promise.race([
      once(child, 'message'),
      once(child, 'exit').then(() => Promise.reject(new Error(`node ${number} ended at its start`))),
    ])) as [{ port: number }]
    node.port = message.port
    node.child = child
  }
}
