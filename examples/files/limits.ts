// Every bound of the file service, with its unit and its reason.

/** What a caller of the file service can make it do at most. */
export const limits = {
  /** Characters of a path: what the common operating systems take. */
  pathLength: 4_096,
  /** Entries of a listing: it travels as one value. */
  listedEntries: 10_000,
  /** Characters of a text to search for. */
  searchText: 256,
  /** Octets of a file that is searched: it is held in memory while it is; larger ones are left out. */
  searchedFile: 4 * 1024 * 1024,
  /** Characters of a found line that are shown. */
  matchText: 200,
  /** Octets of one chunk of a download: large enough that the cost of a message does not show. */
  chunk: 64 * 1024,
  /** Octets between two checkpoints of a transfer: that much is done again when a server is killed. */
  checkpoint: 4 * 1024 * 1024,
  /** Octets of an upload: a peer must not fill the disk. */
  upload: 1024 * 1024 * 1024,
} as const
