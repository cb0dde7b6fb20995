import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { onlyPlaceholder, parseTemplate, TemplateError } from './template.ts'

const posts = (field: string) => ({ kind: 'resource', resource: 'posts', field, text: `resources.posts.${field}` })
const bound = (name: string, of: 'start' | 'end' | 'initial') => ({ kind: 'incremental', bound: of, text: `incremental.${name}` })

describe('parseTemplate', () => {
  it.each<[string, readonly unknown[]]>([
    ['', []],
    ['plain text', ['plain text']],
    ['{resources.posts.id}', [posts('id')]],
    ['posts/{resources.posts.id}/comments', ['posts/', posts('id'), '/comments']],
    ['{resources.posts.author.id}', [posts('author.id')]],
    ['{resources.posts.tags[0].name}', [posts('tags[0].name')]],
    ['{resources.posts.a}{resources.posts.b}', [posts('a'), posts('b')]],
    ['since {incremental.start_value}', ['since ', bound('start_value', 'start')]],
    ['{incremental.last_value}', [bound('last_value', 'start')]],
    ['{incremental.initial_value}', [bound('initial_value', 'initial')]],
    ['{incremental.end_value}', [bound('end_value', 'end')]],
  ])('cuts %j at its placeholders [depend.placeholder]', (text, expected) => {
    expect(parseTemplate(text)).toEqual(expected)
  })

  it.each<[string, readonly unknown[]]>([
    ['{{', ['{']],
    ['}}', ['}']],
    ['{{name}}', ['{name}']],
    ['{{{resources.posts.id}}}', ['{', posts('id'), '}']],
    ['{{{{', ['{{']],
    ['{{"query": {{}}}}', ['{"query": {}}']],
  ])('takes doubled braces in %j as literal ones [depend.literal-braces]', (text, expected) => {
    expect(parseTemplate(text)).toEqual(expected)
  })

  it.each<[string, RegExp]>([
    ['{resources.posts.id', /has a \{ without a \}.*written twice, as \{\{/],
    ['posts}', /has a \} without a \{.*written twice, as \}\}/],
    ['{{id}', /has a \} without a \{/],
    ['{}', /has \{\}, where \{resources\.<name>\.<field>\} or \{incremental\.start_value\} was expected/],
    ['{id}', /has \{id\}, where/],
    ['{resource.posts.id}', /has \{resource\.posts\.id\} \(did you mean resources\?\)/],
    ['{incrmental.start_value}', /did you mean incremental\?/],
    ['{resources}', /where \{resources\.<name>\.<field>\} was expected/],
    ['{resources.posts}', /where \{resources\.<name>\.<field>\} was expected/],
    ['{resources..id}', /where \{resources\.<name>\.<field>\} was expected/],
    ['{resources.posts.}', /where \{resources\.<name>\.<field>\} was expected/],
    ['{resources.posts.a..b}', /where \{resources\.<name>\.<field>\} was expected/],
    ['{resources.posts.tags[}', /has \{resources\.posts\.tags\[\}, whose field "tags\[" is not a JSONPath/],
    ['{incremental}', /there are only \{incremental\.start_value\}, \{incremental\.last_value\}/],
    ['{incremental.begin}', /has \{incremental\.begin\}, but there are only/],
    ['{incremental.toString}', /there are only/],
  ])('refuses %j [depend.malformed]', (text, message) => {
    expect(() => parseTemplate(text)).toThrow(TemplateError)
    expect(() => parseTemplate(text)).toThrow(message)
  })

  const text = fc.string({ unit: fc.oneof(fc.constantFrom('{', '}', '.', 'resources.posts.id'), fc.string({ unit: 'binary' })) })
  const doubled = (literal: string): string => literal.replaceAll(/[{}]/g, '$&$&')

  it('any text with doubled braces is that text [depend.literal-braces]', () => {
    fc.assert(
      fc.property(text, (literal) => {
        expect(parseTemplate(doubled(literal)).join('')).toBe(literal)
      }),
    )
  })

  it('any text around placeholders stays as it is [depend.literal-braces]', () => {
    fc.assert(
      fc.property(text, text, (before, after) => {
        const parts = parseTemplate(`${doubled(before)}{resources.posts.id}${doubled(after)}`)
        expect(parts.map((part) => (typeof part === 'string' ? part : `<${part.text}>`)).join('')).toBe(
          `${before}<resources.posts.id>${after}`,
        )
      }),
    )
  })
})

describe('onlyPlaceholder', () => {
  it.each<[string, boolean]>([
    ['{resources.posts.id}', true],
    [' {resources.posts.id}', false],
    ['{resources.posts.id}{resources.posts.id}', false],
    ['text', false],
    ['', false],
  ])('%j: %s', (template, isOnly) => {
    expect(onlyPlaceholder(parseTemplate(template)) !== undefined).toBe(isOnly)
  })
})
