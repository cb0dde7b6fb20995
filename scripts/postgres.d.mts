/** Starts a server of its own for tests; `reason`, in one sentence, where PostgreSQL is not installed. */
export function startPostgres(): Promise<
  | { readonly url: string; readonly reason?: undefined; stop(): void }
  | { readonly url?: undefined; readonly reason: string; readonly stop?: undefined }
>
