import { expect } from "vitest";
import { lineOf, type Change } from "./journal";

/**
 * Asserts that the engine did what is expected and nothing else: every change fits a pattern, every pattern a change.
 * A pattern is `operation type name`, in which `*` stands for anything.
 */
export function expectChanges(changes: readonly Change[], patterns: readonly string[]): void {
  const lines = changes.map(({ operation, type, name }) => `${operation} ${type} ${name}`);
  const fits = (line: string, pattern: string): boolean => expressionOf(pattern).test(line);
  const unexpected = changes.filter((_, index) => !patterns.some((pattern) => fits(lines[index] ?? "", pattern)));
  const missing = patterns.filter((pattern) => !lines.some((line) => fits(line, pattern)));
  expect({ unexpected: unexpected.map(lineOf), missing }).toEqual({ unexpected: [], missing: [] });
}

function expressionOf(pattern: string): RegExp {
  const parts = pattern.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return new RegExp(`^${parts.join(".*")}$`);
}
