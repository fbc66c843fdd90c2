// How a program speaks with the process that started it: its settings are its first argument, as JSON; it
// says once that it is ready, then answers one question after the other. It ends with whoever started it.

/** What the program was started with. */
export function settings(): unknown {
  return JSON.parse(process.argv[2] ?? '{}')
}

/** Says that the program is ready, and answers from then on. */
export function answer(ready: string | number, reply: (question: never) => unknown): void {
  process.on('disconnect', () => process.exit())
  process.on('message', (question) => void asked(question as never, reply))
  process.send?.(ready)
}

async function asked(question: never, reply: (question: never) => unknown): Promise<void> {
  process.send?.((await reply(question)) ?? 'done')
}

/** The time, the same in all processes of this machine, in milliseconds. */
export function sharedNow(): number {
  return Number(process.hrtime.bigint()) / 1e6
}

/** Microseconds of processor time of this process so far. */
export function processorTime(): number {
  const { user, system } = process.cpuUsage()
  return user + system
}
