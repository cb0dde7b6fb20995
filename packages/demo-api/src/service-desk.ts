import { createDraw } from './random.ts'
import { changedIn, instant } from './revisions.ts'

const COUNT = 3000
const FIRST_DAY = Date.UTC(2026, 1, 2, 8)

const SUBJECTS = [
  'Cannot sign in since this morning',
  'Invoice shows the wrong address',
  'Export stops at 90 %',
  'How do I add a colleague?',
  'Printer in the second floor is offline',
  'Request for a larger screen',
  'Umlaute in Dateinamen fehlen',
  'Page stays blank on “Save”',
] as const
const DESCRIPTIONS = [
  'It worked yesterday.\nNothing was changed in between.',
  'Steps: open, click, wait. "Unexpected end of file" comes up.',
  'Please see the screenshot; it’s urgent 🙏',
  'ありがとうございます。',
] as const
const AGENTS = ['Ines Moreau', 'Jonas Weber', 'Kofi Mensah', 'Lena Novak', 'Mikko Laine'] as const
const REQUESTERS = ['Nora Haas', 'Omar Aziz', 'Pía Castro', 'Quentin Dubois', 'Ruth Adler', 'Sven Dahl'] as const
const TAGS = ['access', 'billing', 'hardware', 'network', 'question', 'vip'] as const

/** Service desk tickets as of a revision of the demo. */
export function serviceDeskRecords(revision: number): object[] {
  return Array.from({ length: COUNT }, (_, index) => ticket(index, revision))
}

function ticket(index: number, revision: number): object {
  const draw = createDraw(index + 50_001)
  const created = FIRST_DAY + index * 2_200_000 + draw.between(0, 1_800_000)
  const last = changedIn(index, revision).at(-1)
  const wasResolved = draw.chance(0.6)
  const updated =
    last === undefined
      ? created + draw.between(0, 40) * 3_600_000
      : FIRST_DAY + COUNT * 2_200_000 + (last + 48) * 3_600_000 + index * 600
  const requester = draw.between(1, 400)
  const isResolved = last === undefined ? wasResolved : last % 2 === 1
  return {
    id: 20_001 + index,
    ticket_id: `SD-${20_001 + index}`,
    customer_id: requester,
    subject: draw.of(SUBJECTS),
    description: draw.chance(0.15) ? null : draw.of(DESCRIPTIONS),
    status: isResolved ? 'resolved' : draw.of(['new', 'open', 'waiting']),
    priority: draw.of(['low', 'normal', 'normal', 'high', 'urgent']),
    channel: draw.of(['email', 'web', 'phone', 'chat']),
    assignee: draw.chance(0.2) ? null : draw.of(AGENTS),
    requester: { id: requester, name: draw.of(REQUESTERS), email: `person${requester}@example.com` },
    tags: TAGS.filter(() => draw.chance(0.2)),
    satisfaction_score: isResolved && draw.chance(0.4) ? draw.between(1, 5) : null,
    comments_count: draw.between(0, 14) + (last ?? 0),
    created_at: instant(created),
    updated_at: instant(updated),
    resolved_at: isResolved ? instant(updated) : null,
  }
}
