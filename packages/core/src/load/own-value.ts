/** What a record has under a name; never what every object has, such as `constructor`: names come from APIs. */
export function ownValue<T>(record: Readonly<Record<string, T>>, name: string): T | undefined {
  return Object.hasOwn(record, name) ? record[name] : undefined
}
