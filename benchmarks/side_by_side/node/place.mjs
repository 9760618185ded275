// What every server here is told: where the database is, how many connections it may have, and where to listen.
import { readFileSync, readdirSync } from 'node:fs'

export const place = JSON.parse(process.env.SIDE_BY_SIDE)

const folder = new URL('../sql/', import.meta.url)
export const sql = Object.fromEntries(
  readdirSync(folder).map((file) => [file.replace('.sql', ''), readFileSync(new URL(file, folder), 'utf8')]),
)
