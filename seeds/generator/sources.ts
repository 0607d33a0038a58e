/** Source code as people submit it for compilation: small programs in a few languages, put together from names. */
import type { Random } from './random.ts';

export const languages = ['c', 'rust', 'python', 'typescript', 'go'] as const;
export type Language = (typeof languages)[number];

type Template = (name: string, other: string, size: number) => string;

const templates: Readonly<Record<Language, readonly Template[]>> = {
  c: [
    (name, other, size) => `#include <stdio.h>
#include <stddef.h>

#define ${name.toUpperCase()}_MAX ${size}

static double ${name}_${other}(const double *values, size_t count) {
    double sum = 0.0;
    for (size_t i = 0; i < count && i < ${name.toUpperCase()}_MAX; i++) {
        sum += values[i] * values[i];
    }
    return count > 0 ? sum / (double)count : 0.0;
}

int main(void) {
    double values[] = {1.5, 2.25, ${size}.0};
    printf("%f\\n", ${name}_${other}(values, sizeof values / sizeof *values));
    return 0;
}
`,
  ],
  rust: [
    (name, other, size) => `use std::collections::HashMap;

/// Groups the ${other}s of a ${name} by their first \`${size}\` bytes.
pub fn ${other}s_of<'a>(${name}: &'a [String]) -> HashMap<&'a str, Vec<&'a String>> {
    let mut groups: HashMap<&str, Vec<&String>> = HashMap::with_capacity(${size});
    for ${other} in ${name} {
        let end = ${other}.char_indices().nth(${size}).map_or(${other}.len(), |(at, _)| at);
        groups.entry(&${other}[..end]).or_default().push(${other});
    }
    groups
}
`,
  ],
  python: [
    (name, other, size) => `from dataclasses import dataclass, field


@dataclass
class ${capital(name)}:
    ${other}s: list[float] = field(default_factory=list)
    window: int = ${size}

    def push(self, ${other}: float) -> float:
        """Moving average over the last \`window\` values."""
        self.${other}s = [*self.${other}s, ${other}][-self.window :]
        return sum(self.${other}s) / len(self.${other}s)
`,
    (name, other, size) => `import numpy as np


def ${name}_${other}(batch: np.ndarray, rate: float = 1e-${(size % 5) + 2}) -> np.ndarray:
    centred = batch - batch.mean(axis=0, keepdims=True)
    _, scale, basis = np.linalg.svd(centred, full_matrices=False)
    return centred @ (basis[: ${size}].T / (scale[: ${size}] + rate))
`,
  ],
  typescript: [
    (name, other, size) => `export interface ${capital(name)} {
  readonly id: string;
  readonly ${other}: number;
}

/** The ${size} heaviest, heaviest first. */
export function top(items: readonly ${capital(name)}[], count = ${size}): ${capital(name)}[] {
  return [...items].sort((a, b) => b.${other} - a.${other}).slice(0, count);
}
`,
  ],
  go: [
    (name, other, size) => `package ${name}

import "sync"

type ${capital(other)} struct {
	mu    sync.Mutex
	items map[string]int
}

func (c *${capital(other)}) Add(key string, n int) bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	if len(c.items) >= ${size} {
		return false
	}
	c.items[key] += n
	return true
}
`,
  ],
};

export function sourceCode(random: Random, language: Language, nouns: readonly string[]): string {
  return random.pick(templates[language])(random.pick(nouns), random.pick(nouns), random.between(2, 96));
}

/** What a compiler made of it, as text. */
export function compiledCode(random: Random): string {
  const lines = ['section .text', 'global main', 'main:', '    push rbp', '    mov rbp, rsp'];
  for (let left = random.between(3, 8); left > 0; left--) {
    lines.push(`    ${random.pick(['mov', 'add', 'imul', 'xor', 'cmp'])} ${random.pick(registers)}, ${random.below(65_536)}`);
  }
  return `${[...lines, '    pop rbp', '    ret'].join('\n')}\n`;
}

const registers = ['rax', 'rbx', 'rcx', 'rdx', 'rsi', 'rdi', 'r8', 'r9'];

function capital(word: string): string {
  return word.charAt(0).toUpperCase() + word.slice(1);
}
