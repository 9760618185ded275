// The rows of yoga and mercurius: a pool whose statements are prepared once a connection, since they have names.
import pg from 'pg'

import { place, sql } from './place.mjs'

export const pool = new pg.Pool({ ...place.database, max: place.connections, min: place.connections, idleTimeoutMillis: 0 })

export async function ask(name, ...values) {
  return (await pool.query({ name, text: sql[name], values })).rows
}

export async function inTransaction(work) {
  const client = await pool.connect()
  try {
    await client.query('BEGIN')
    const answer = await work(async (name, ...values) => (await client.query({ name, text: sql[name], values })).rows)
    await client.query('COMMIT')
    return answer
  } catch (error) {
    await client.query('ROLLBACK')
    throw error
  } finally {
    client.release()
  }
}

// What hardly changes, read once.
const [themes, levels] = await Promise.all([
  pool.query('SELECT code, label FROM peers.theme'),
  pool.query('SELECT level, points, rank FROM peers.level ORDER BY level'),
])
const THEMES = new Map(themes.rows.map((row) => [row.code, row]))
const LEVELS = levels.rows

export const theme = (code) => THEMES.get(code)

export function influence(points) {
  let place = LEVELS.length - 1
  while (place > 0 && LEVELS[place].points > points) place -= 1
  return { level: LEVELS[place].level, points, rank: { label: LEVELS[place].rank } }
}

const hex = (uuid) => uuid.replaceAll('-', '')

function citizenOf(row) {
  return {
    __typename: 'Citizen',
    key: row.id,
    handle: row.handle,
    name: row.name,
    bio: row.bio,
    memberSince: row.member_since,
    points: row.points,
  }
}

function eventOf(row) {
  return {
    key: row.id,
    id: `event_${hex(row.id)}`,
    title: row.title,
    startsAt: row.starts_at,
    engagement: row.engagement,
    points: row.worth,
    themes: row.themes.map(theme),
    organizer: row.name === null ? null : { name: row.name, kind: row.kind },
  }
}

function historyOf(row) {
  return {
    key: row.id,
    id: `participation_${hex(row.id)}`,
    pointsAwarded: row.points,
    attendedAt: row.attended_at,
    eventKey: row.event_id,
  }
}

function page(nodes, first) {
  const edges = nodes.slice(0, first).map((node) => ({ node }))
  return { edges, pageInfo: { hasNextPage: nodes.length > first, last: edges.at(-1) } }
}

export const cursorOf = ({ node }) =>
  Buffer.from(JSON.stringify(['history', node.attendedAt.toISOString(), node.key])).toString('base64url')

function grouped(rows, column) {
  const groups = new Map()
  for (const row of rows) {
    const group = groups.get(row[column])
    if (group) group.push(row)
    else groups.set(row[column], [row])
  }
  return groups
}

// Each takes keys and answers as many values in their order, as DataLoader wants it.
export const batches = {
  async citizens(handles) {
    const found = new Map((await ask('citizens_by_handle', handles)).map((row) => [row.handle, citizenOf(row)]))
    return handles.map((handle) => found.get(handle) ?? null)
  },
  async skills(citizens) {
    const found = grouped(await ask('skills_by_citizen', citizens), 'citizen_id')
    return citizens.map((key) => (found.get(key) ?? []).map((row) => ({ theme: theme(row.theme) })))
  },
  async history(citizens, first) {
    const found = grouped(await ask('participations_by_citizen', citizens, first + 1), 'citizen_id')
    return citizens.map((key) => page((found.get(key) ?? []).map(historyOf), first))
  },
  async events(keys) {
    const asked = [...new Set(keys)]
    const found = new Map((await ask('events_by_id', asked)).map((row) => [row.id, eventOf(row)]))
    return keys.map((key) => found.get(key) ?? null)
  },
  async participants(events, first) {
    const found = grouped(await ask('events_participants', events, first), 'event_id')
    return events.map((key) => page((found.get(key) ?? []).map((row) => ({ citizen: row })), first))
  },
  async feedback(events) {
    const found = new Map((await ask('feedback_by_event', events)).map((row) => [row.event_id, row]))
    return events.map((key) => {
      const row = found.get(key)
      return { count: row?.answers ?? 0, averageRating: row && row.answers >= 3 ? row.average : null }
    })
  },
}

export async function eventsFrom(startsAfter, first) {
  return page((await ask('events_from', startsAfter, first + 1)).map(eventOf), first)
}
