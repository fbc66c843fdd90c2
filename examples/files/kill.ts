// The part of the tour in which the server is killed: a file goes up and comes down again meanwhile. The code
// is that of any transfer; nothing in it knows of cuts or kills.
import { createHash, randomBytes } from 'node:crypto'
import { once } from 'node:events'
import type { Client } from '@parley/rpc'
import { Files } from './contract.ts'
import { ProgressBar } from './progress.ts'
import { check, title } from './say.ts'
import { sizeText } from './terminal.ts'

const chunk = 64 * 1024
const size = 24 * 1024 * 1024

/** Sends a file and fetches it back, with the server killed (SIGKILL) in the middle of each. */
export async function throughAKill(client: Client, path: string): Promise<void> {
  const files = client.stub(Files)
  const data = randomBytes(size)
  const sha256 = createHash('sha256').update(data).digest('hex')

  title(`send: ${sizeText(size)}, with the server killed and started again at 50 %`)
  const sending = new Transfer()
  async function* chunks(from: number): AsyncGenerator<Uint8Array> {
    for (let at = from * chunk; at < size; at += chunk) yield data.subarray(at, at + chunk)
  }
  const sent = await files.send(path, chunks).run((octets) => sending.to(octets))
  check(sending.end() && sent.sha256 === sha256, 'the same sha256, and the bar never went back')

  title('fetch: the same file back, with the server killed again')
  const fetching = new Transfer()
  const hash = createHash('sha256')
  let octets = 0
  await files.fetch(path).run((part) => {
    hash.update(part)
    return fetching.to((octets += part.length))
  })
  check(fetching.end() && hash.digest('hex') === sha256, 'the same sha256, and the bar never went back')
}

/** What is done so far, and the kill on the way. */
class Transfer {
  readonly #bar = new ProgressBar(size)
  #done = 0
  #wentBack = false
  #killed = false

  /** So many octets are done. */
  async to(octets: number): Promise<void> {
    this.#wentBack ||= octets < this.#done
    this.#bar.add(octets - this.#done)
    this.#done = octets
    if (this.#killed || octets < size / 2) return
    this.#killed = true
    // Whoever started the two kills the server and starts it again.
    process.send?.('kill the server')
    await once(process, 'message')
  }

  /** True when all is done, the server was killed, and it never went back. */
  end(): boolean {
    this.#bar.end()
    return this.#done === size && this.#killed && !this.#wentBack
  }
}
