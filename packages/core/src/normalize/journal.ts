/** What a record makes in the tables, so that it can be unmade where a contract leaves the record out. */
export interface Journal {
  /** Something was made that `undo` takes back. */
  made(undo: () => void): void
  /** Told when the record stays. */
  warn(message: string): void
  mark(): number
  /** Takes back what was made since, the last thing first. */
  undo(mark: number): void
  /** All that was made stays. */
  keep(): void
}

export function createJournal(warn: (message: string) => void): Journal {
  let entries: (string | (() => void))[] = []
  return {
    made: (undo) => void entries.push(undo),
    warn: (message) => void entries.push(message),
    mark: () => entries.length,
    undo(mark) {
      while (entries.length > mark) {
        const entry = entries.pop()!
        if (typeof entry === 'function') entry()
      }
    },
    keep() {
      if (entries.length === 0) return
      for (const entry of entries) if (typeof entry === 'string') warn(entry)
      entries = []
    },
  }
}

/** Where no contract leaves anything out, nothing is remembered. */
export const withoutUndo = (warn: (message: string) => void): Journal => ({
  made: () => {},
  warn,
  mark: () => 0,
  undo: () => {},
  keep: () => {},
})
