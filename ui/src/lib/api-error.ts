// The one shape in which anything that failed beyond the page reaches the page.

import type { ApiError as WireError } from '../bindings/ApiError';
import type { ErrorCode } from '../bindings/ErrorCode';
import en from '../locales/en/errors.json';
import zh from '../locales/zh/errors.json';

/** What a code says: what happened, what it means for the learner's work, what to do. */
export interface ErrorWords {
  title: string;
  meaning: string;
  action: string;
}

// Total on purpose: a code without words in either language does not compile.
export const errorWords: Record<'en' | 'zh', Record<ErrorCode, ErrorWords>> = {
  en: en.codes,
  zh: zh.codes,
};

/** A wire error as a real `Error`, so that it has a stack and can be thrown. */
export class ApiError extends Error {
  readonly code: ErrorCode;
  readonly requestId: string;
  /** The message in Chinese, where there is one. */
  readonly messageZh: string | undefined;

  constructor(wire: WireError) {
    super(wire.message);
    this.name = 'ApiError';
    this.code = wire.code;
    this.requestId = wire.requestId;
    this.messageZh = wire.messageZh;
  }
}

/** Takes whatever a call rejected with. What is not a wire error is a fault of ours. */
export function toApiError(thrown: unknown): ApiError {
  if (thrown instanceof ApiError) return thrown;
  if (isWireError(thrown)) return new ApiError(thrown);
  const message = thrown instanceof Error ? thrown.message : String(thrown);
  return new ApiError({ code: 'internal', message, requestId: '' });
}

function isWireError(thrown: unknown): thrown is WireError {
  if (typeof thrown !== 'object' || thrown === null) return false;
  const { code, message } = thrown as Record<string, unknown>;
  return typeof message === 'string' && typeof code === 'string' && code in errorWords.en;
}
