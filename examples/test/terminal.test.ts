// What the examples print, on a terminal and into a file.
import { describe, expect, it } from 'vitest'
import { ProgressBar } from '../files/progress.ts'
import { folded } from '../files/wire.ts'
import { clip, harmless, paintFor, sizeText, type Output } from '../files/terminal.ts'

class Paper implements Output {
  readonly isTTY: boolean
  readonly columns = 60
  readonly written: string[] = []

  constructor(isTTY: boolean) {
    this.isTTY = isTTY
  }

  write(text: string): void {
    this.written.push(text)
  }
}

describe('colours', () => {
  it('are for terminals, unless NO_COLOR has a value', () => {
    expect(paintFor(new Paper(true), undefined)('red', 'x')).toBe('\x1b[31mx\x1b[0m')
    expect(paintFor(new Paper(true), '')('red', 'x')).toBe('\x1b[31mx\x1b[0m')
    expect(paintFor(new Paper(true), '1')('red', 'x')).toBe('x')
    expect(paintFor(new Paper(false), undefined)('red', 'x')).toBe('x')
  })
})

describe('the lines of a tap', () => {
  it('are folded where they differ in numbers alone', () => {
    const items = [912, 472, 4044].map((octets, n) => `       1${n}.2 ms  #1 <- GT · DT ${octets} octets`)
    const cancel = '       16.6 ms  #1 -> TD 10 octets'
    const release = '        9.9 ms  #1 <- DN 14 octets user data'
    expect(folded([...items, cancel, ...items.slice(1), release])).toEqual([
      items[0],
      '                     and 2 more',
      cancel,
      items[1],
      '                     and 1 more',
      release,
    ])
    expect(folded(items)).toEqual([items[0], '                     and 2 more'])
    expect(folded([])).toEqual([])
  })
})

describe('texts', () => {
  it('of strangers cannot move the cursor or turn the line around', () => {
    expect(harmless('a\x1b[2Jb\r\nc\u202Ed\u2028e')).toBe('a?[2Jb??c?d?e')
    expect(harmless('naïve – 文件')).toBe('naïve – 文件')
  })

  it('are shortened to a width', () => {
    expect(clip('twelve chars', 12)).toBe('twelve chars')
    expect(clip('twelve chars', 7)).toBe('twelve…')
  })

  it.each([
    [0, '0 B'],
    [1023, '1023 B'],
    [1024, '1.0 KiB'],
    [8 * 1024 * 1024, '8.0 MiB'],
    [5 * 1024 ** 3, '5120.0 MiB'],
  ])('say %d octets as %s', (octets, words) => {
    expect(sizeText(octets)).toBe(words)
  })
})

describe('a progress bar', () => {
  it('redraws one line on a terminal, not more often than an eye can follow', () => {
    const paper = new Paper(true)
    let now = 0
    const bar = new ProgressBar(1000, paper, () => now)
    for (now = 1; now <= 100; now++) bar.add(10)
    bar.end()
    expect(paper.written).toHaveLength(5)
    expect(paper.written.slice(0, -1).every((text) => text.startsWith('\r') && !text.includes('\n'))).toBe(
      true,
    )
    expect(paper.written.at(-2)).toContain('100 %')
    expect(paper.written.at(-2)).not.toContain('░')
    expect(paper.written.at(-1)).toBe('\n')
    // Without the controls no line is wider than the terminal.
    for (const text of paper.written)
      expect(text.replace('\r', '').replace('\x1b[K', '').length).toBeLessThan(60)
  })

  it('prints a line at each quarter where there is no terminal', () => {
    const paper = new Paper(false)
    let now = 0
    const bar = new ProgressBar(1000, paper, () => now)
    for (now = 1; now <= 100; now++) bar.add(10)
    bar.end()
    expect(paper.written.map((text) => text.slice(0, 8))).toEqual([
      '   25 % ',
      '   50 % ',
      '   75 % ',
      '  100 % ',
    ])
    expect(paper.written.every((text) => text.endsWith('/s\n') && !text.includes('\x1b'))).toBe(true)
  })

  it('leaves the line when it ends early, so that an error stands below it', () => {
    const paper = new Paper(true)
    const bar = new ProgressBar(1000, paper, () => 0)
    bar.add(10)
    bar.end()
    expect(paper.written.at(-1)).toBe('\n')
    expect(paper.written.join('')).toContain('1 %')
  })
})
