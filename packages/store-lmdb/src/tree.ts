// Reads an LMDB file as it lies on the disk and checks its structure, page by page: that it is all there,
// that every page is what its parent says, that keys are in order, and that no page is used twice. LMDB
// itself trusts what it reads, and ends the process, or answers wrongly, where a file is damaged. Only reads.
import { closeSync, fstatSync, openSync, readSync } from 'node:fs'
import { lmdbLimits } from './limits.ts'
import { DamageError, VersionError } from './records.ts'

/** Gets each record in the order of the keys, and the offset of its page. */
export type RecordVisitor = (key: Buffer, value: Buffer, offset: number) => void

// The layout, from LMDB's mdb.c (data format 2): a page has a header, and its offsets count from its end.
const header = 24
const [branch, leaf, overflow, meta] = [1, 2, 4, 8]
const magic = 0xbeefc0de
const bigData = 1
const noPage = 0xffff_ffff_ffff_ffffn

interface Tree {
  readonly depth: number
  readonly pages: { branch: number; leaf: number; overflow: number }
  readonly entries: number
  readonly root: number | undefined
}

interface Meta {
  readonly pageSize: number
  readonly free: Tree
  readonly main: Tree
  readonly lastPage: number
  readonly transaction: number
}

/**
 * Checks the file and visits its records. Returns false for a file that is missing or empty: a new one.
 * Throws {@link DamageError} with the offset, and {@link VersionError}.
 */
export function walkTree(path: string, visit: RecordVisitor): boolean {
  let file: number
  try {
    file = openSync(path, 'r')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
  try {
    const size = fstatSync(file).size
    if (size === 0) return false
    new Walk(file, size).all(visit)
    return true
  } finally {
    closeSync(file)
  }
}

class Walk {
  readonly #file: number
  readonly #size: number
  readonly #meta: Meta
  /** One bit for each page that was seen. */
  readonly #seen: Uint8Array

  constructor(file: number, size: number) {
    this.#file = file
    this.#size = size
    this.#meta = this.#newestMeta()
    const { lastPage, pageSize } = this.#meta
    if ((lastPage + 1) * pageSize > size)
      this.#damage(size, `the file ends here, and should have ${(lastPage + 1) * pageSize} octets`)
    this.#seen = new Uint8Array((lastPage >> 3) + 1)
  }

  all(visit: RecordVisitor): void {
    const { main, free } = this.#meta
    this.#tree(main, visit)
    this.#tree(free, (_, list, offset) => this.#freePages(list, offset))
  }

  /** Two pages at the front take turns; the one with the later transaction counts. */
  #newestMeta(): Meta {
    const first = this.#readMeta(0)
    const second = this.#readMeta(first.pageSize)
    const [a, b] = [first.transaction, second.transaction]
    const apart = a === 0 && b === 0 ? 1 : Math.abs(a - b)
    if (second.pageSize !== first.pageSize || apart !== 1 || a % 2 !== 0 || (b !== 0 && b % 2 !== 1))
      this.#damage(0, `the two meta pages do not belong together (transactions ${a} and ${b})`)
    return a > b ? first : b > a ? second : first
  }

  #readMeta(offset: number): Meta {
    const page = this.#read(offset, header + 136)
    if (page.readUInt16LE(18) !== meta || page.readUInt32LE(header) !== magic)
      this.#damage(offset, 'this is no meta page: the file is damaged, or no LMDB file')
    const format = page.readUInt32LE(header + 4)
    if (format !== 2) throw new VersionError(`the file has LMDB's data format ${format}`)
    const pageSize = page.readUInt32LE(header + 24)
    if (pageSize < 512 || pageSize > 65_536 || (pageSize & (pageSize - 1)) !== 0)
      this.#damage(offset, `pages of ${pageSize} octets`)
    return {
      pageSize,
      free: this.#treeOf(page, header + 24, 8),
      main: this.#treeOf(page, header + 72, 0),
      lastPage: number64(page, header + 120),
      transaction: number64(page, header + 128),
    }
  }

  #treeOf(page: Buffer, at: number, flags: number): Tree {
    if ((page.readUInt16LE(at + 4) & 0x7f) !== flags) this.#damage(at, 'a tree of another kind')
    const pages = {
      branch: number64(page, at + 8),
      leaf: number64(page, at + 16),
      overflow: number64(page, at + 24),
    }
    const root = page.readBigUInt64LE(at + 40) === noPage ? undefined : number64(page, at + 40)
    return { depth: page.readUInt16LE(at + 6), pages, entries: number64(page, at + 32), root }
  }

  #tree(tree: Tree, visit: RecordVisitor): void {
    if (tree.root === undefined) {
      if (tree.entries > 0) this.#damage(0, 'a tree has lost its root')
      return
    }
    if (tree.depth < 1 || tree.depth > lmdbLimits.treeDepth) this.#damage(0, `a tree of depth ${tree.depth}`)
    const found = { branch: 0, leaf: 0, overflow: 0, entries: 0 }
    this.#page(tree.root, tree, 1, undefined, undefined, found, visit)
    const expected = { ...tree.pages, entries: tree.entries }
    for (const what of ['branch', 'leaf', 'overflow', 'entries'] as const)
      if (found[what] !== expected[what])
        this.#damage(0, `${found[what]} of ${expected[what]} ${what} (pages or records) are there`)
  }

  /** One page and all below it; its keys must be from `low`, included, to `high`, excluded. */
  #page(
    number: number,
    tree: Tree,
    depth: number,
    low: Buffer | undefined,
    high: Buffer | undefined,
    found: { branch: number; leaf: number; overflow: number; entries: number },
    visit: RecordVisitor,
  ): void {
    const kind = depth === tree.depth ? leaf : branch
    const page = this.#claim(number, 1)
    const offset = number * this.#meta.pageSize
    if (page.readUInt16LE(18) !== kind) this.#damage(offset, 'a page of another kind than its parent says')
    const nodes = [...this.#nodes(page, offset)]
    if (nodes.length === 0) this.#damage(offset, 'an empty page')
    found[kind === leaf ? 'leaf' : 'branch']++
    const isFree = tree === this.#meta.free
    const compare = (a: Buffer, b: Buffer): number =>
      isFree ? number64(a, 0) - number64(b, 0) : Buffer.compare(a, b)
    let before = low
    for (const [at, node] of nodes.entries()) {
      // The first key of a branch page is not used: it stands for whatever is lowest.
      const key = kind === branch && at === 0 ? low : node.key
      if (isFree && key !== undefined && key.length !== 8) this.#damage(offset, 'a list without transaction')
      const order = key === undefined || before === undefined ? 1 : compare(key, before)
      const inOrder = at === 0 ? order >= 0 : order > 0
      if (!inOrder || (high !== undefined && key !== undefined && compare(key, high) >= 0))
        this.#damage(offset, 'keys out of order')
      before = key
      if (kind === branch) {
        const next = nodes[at + 1]?.key ?? high
        this.#page(node.child, tree, depth + 1, key, next, found, visit)
      } else {
        found.entries++
        if (node.big) found.overflow += Math.ceil((node.length + header) / this.#meta.pageSize)
        visit(node.key, node.big ? this.#bigValue(node, offset) : node.value, offset)
      }
    }
  }

  *#nodes(page: Buffer, offset: number): Iterable<Node> {
    const count = page.readUInt16LE(20) / 2
    const lower = header + page.readUInt16LE(20)
    const upper = header + page.readUInt16LE(22)
    if (lower > upper || upper > page.length || !Number.isInteger(count))
      this.#damage(offset, 'a broken page')
    for (let at = 0; at < count; at++) {
      const from = header + page.readUInt16LE(header + 2 * at)
      if (from < upper || from + 8 > page.length) this.#damage(offset, 'a record outside its page')
      const [low, high, flags] = [0, 2, 4].map((field) => page.readUInt16LE(from + field)) as [
        number,
        number,
        number,
      ]
      const isLeaf = page.readUInt16LE(18) === leaf
      const length = low + high * 65_536
      const big = isLeaf && flags === bigData
      const keyEnd = from + 8 + page.readUInt16LE(from + 6)
      const end = keyEnd + (isLeaf ? (big ? 24 : length) : 0)
      if (end > page.length || (isLeaf && flags !== 0 && !big)) this.#damage(offset, 'a broken record')
      const key = page.subarray(from + 8, keyEnd)
      yield { key, length, big, value: page.subarray(keyEnd, end), child: length + flags * 2 ** 32 }
    }
  }

  /** A value that has pages of its own. */
  #bigValue({ value: place, length }: Node, offset: number): Buffer {
    const number = number64(place, 0)
    const pages = Math.ceil((length + header) / this.#meta.pageSize)
    if (number64(place, 16) !== pages) this.#damage(offset, 'a long record of another length')
    const octets = this.#claim(number, pages)
    if (octets.readUInt16LE(18) !== overflow || octets.readUInt32LE(20) !== pages)
      this.#damage(number * this.#meta.pageSize, 'this is not the long record it should be')
    return octets.subarray(header, header + length)
  }

  /** A list of pages that may be used again; `-n, p` stands for n pages from p on. */
  #freePages(list: Buffer, offset: number): void {
    const count = list.length < 8 ? -1 : Number(list.readBigInt64LE(0))
    if (count < 0 || 8 * (count + 1) > list.length) this.#damage(offset, 'a broken list of free pages')
    const word = (at: number): number => (at > count ? 0 : Number(list.readBigInt64LE(8 * at)))
    for (let at = 1; at <= count; at++) {
      if (word(at) > 0) this.#mark(word(at), 1)
      if (word(at) < 0) this.#mark(word(at + 1), -word(at++))
    }
  }

  /** Reads pages, which must say that they are these, not be newer than the file, nor in use elsewhere. */
  #claim(number: number, count: number): Buffer {
    this.#mark(number, count)
    const { pageSize, transaction } = this.#meta
    const octets = this.#read(number * pageSize, count * pageSize)
    if (number64(octets, 0) !== number || number64(octets, 8) > transaction)
      this.#damage(number * pageSize, 'a page that belongs elsewhere')
    return octets
  }

  #mark(number: number, count: number): void {
    if (number < 2 || number + count - 1 > this.#meta.lastPage)
      this.#damage(0, `page ${number} is outside the file`)
    for (let page = number; page < number + count; page++) {
      const bit = 1 << (page & 7)
      const octet = this.#seen[page >> 3] ?? 0
      if ((octet & bit) !== 0) this.#damage(page * this.#meta.pageSize, 'a page that is used twice')
      this.#seen[page >> 3] = octet | bit
    }
  }

  #read(offset: number, length: number): Buffer {
    if (offset + length > this.#size) this.#damage(this.#size, 'the file ends here, too early')
    const octets = Buffer.allocUnsafeSlow(length)
    for (let read = 0; read < length;) {
      const more = readSync(this.#file, octets, read, length - read, offset + read)
      if (more === 0) this.#damage(offset + read, 'the file ends here, too early')
      read += more
    }
    return octets
  }

  #damage(offset: number, what: string): never {
    throw new DamageError(`${what} (at octet ${offset})`)
  }
}

interface Node {
  readonly key: Buffer
  readonly value: Buffer
  readonly length: number
  readonly big: boolean
  /** In a branch page: the page below. */
  readonly child: number
}

/** A number of 64 bits, little end first; one that is no page or count becomes larger than any. */
function number64(octets: Buffer, at: number): number {
  return Number(octets.readBigUInt64LE(at))
}
