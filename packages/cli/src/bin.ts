#!/usr/bin/env node
import { main } from './main.ts'

// Whoever reads the output may have seen enough: `tributary query … | head` is no error.
for (const stream of [process.stdout, process.stderr]) {
  stream.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error
  })
}

// Only the code is set: the process ends by itself once all output is written and all connections are closed.
process.exitCode = await main(process.argv.slice(2), {
  cwd: process.cwd(),
  env: process.env,
  stdout: process.stdout,
  stderr: process.stderr,
})
