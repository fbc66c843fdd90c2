// Where answers come from: a person at a terminal, or the lines of a file when there is none.
import { readFile } from 'node:fs/promises'
import { createInterface } from 'node:readline/promises'

/** What a human can say. */
export type Word = 'yes' | 'no' | 'back' | 'quit'

/** Somebody who answers. */
export interface Human extends Disposable {
  /** Asks until the answer is one that there is. */
  ask(question: string): Promise<Word>
}

/** A person at this terminal. The end of the input is `quit`. */
export function atTerminal(input: NodeJS.ReadableStream, output: NodeJS.WritableStream): Human {
  const lines = createInterface({ input, output })
  const ended = new Promise<undefined>((resolve) => lines.once('close', () => resolve(undefined)))
  return {
    async ask(question) {
      for (;;) {
        const line = await Promise.race([lines.question(question), ended])
        const word = line === undefined ? 'quit' : wordOf(line)
        if (word !== undefined) return word
      }
    },
    [Symbol.dispose]: () => lines.close(),
  }
}

/** The lines of a file, one answer each; `#` begins a comment. After the last one the answer is `quit`. */
export async function fromFile(path: string, say: (line: string) => void): Promise<Human> {
  const text = await readFile(path, 'utf8')
  const words = text
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '')
    .map((line) => {
      const word = wordOf(line)
      if (word === undefined) throw new Error(`${path}: "${line}" is no answer; yes, no, back, quit are`)
      return word
    })
  return {
    ask(question) {
      const word = words.shift() ?? 'quit'
      say(`${question}${word}`)
      return Promise.resolve(word)
    },
    [Symbol.dispose]: () => undefined,
  }
}

function wordOf(line: string): Word | undefined {
  const typed = line.trim().toLowerCase()
  return typed === '' ? undefined : words.find((word) => word.startsWith(typed))
}

const words: readonly Word[] = ['yes', 'no', 'back', 'quit']
