// One question: how it is asked, the answer as it grows, and what it was worth.

import { type FormEvent, useId, useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { Language } from '../../bindings/Language';
import type { LessonRef } from '../../bindings/LessonRef';
import type { QuestionAnswer } from '../../bindings/QuestionAnswer';
import type { QuestionView } from '../../bindings/QuestionView';
import { announce } from '../../components/announcer';
import { Button } from '../../components/Button';
import { ErrorNotice } from '../../components/ErrorNotice';
import { Notice } from '../../components/Notice';
import { SafeHtml } from '../../components/SafeHtml';
import { type ApiError, toApiError } from '../../lib/api-error';
import { usePlatform } from '../../platform/context';
import { Choices } from './Choices';
import { OrderLines } from './OrderLines';
import styles from './Questions.module.css';

export interface QuestionProps {
  view: QuestionView;
  lesson: LessonRef;
  language: Language;
  onAnswered: (view: QuestionView) => void;
}

/** What an untouched question stands at. */
function blank({ form }: QuestionView): QuestionAnswer {
  if (form.type === 'choice') return { type: 'chosen', options: [] };
  if (form.type === 'order') return { type: 'ordered', lines: form.lines.map((_, at) => at) };
  return { type: 'written', text: '' };
}

const isEmpty = (answer: QuestionAnswer) =>
  (answer.type === 'chosen' && answer.options.length === 0) ||
  (answer.type === 'written' && answer.text.trim() === '');

export function Question({ view, lesson, language, onAnswered }: QuestionProps) {
  const { t } = useTranslation('lesson');
  const platform = usePlatform();
  const [answer, setAnswer] = useState(view.answered?.answer ?? blank(view));
  const [error, setError] = useState<ApiError | null>(null);
  const { answered, form } = view;
  const isJudged = JSON.stringify(answered?.answer) === JSON.stringify(answer);

  async function submit(event: FormEvent) {
    event.preventDefault();
    setError(null);
    try {
      const verdict = await platform.questionAnswer(lesson, view.id, answer, language);
      onAnswered({ ...view, answered: verdict });
      announce(t(verdict.right ? 'questions.right' : 'questions.wrong'));
    } catch (thrown) {
      setError(toApiError(thrown));
    }
  }

  return (
    <form className={styles.question} onSubmit={submit}>
      <SafeHtml html={view.prompt} />
      {form.type === 'predict' && <SafeHtml html={form.code} />}
      <AnswerField view={view} answer={answer} onChange={setAnswer} />
      {error && <ErrorNotice error={error} />}
      {answered && isJudged ? (
        <Notice
          kind={answered.right ? 'ok' : 'warn'}
          title={t(answered.right ? 'questions.right' : 'questions.wrong')}
        >
          {answered.said.map((html) => (
            <SafeHtml key={html} html={html} />
          ))}
        </Notice>
      ) : (
        <Button type="submit" className={styles.submit} disabled={isEmpty(answer)}>
          {t('questions.answer')}
        </Button>
      )}
    </form>
  );
}

interface AnswerFieldProps {
  view: QuestionView;
  answer: QuestionAnswer;
  onChange: (answer: QuestionAnswer) => void;
}

function AnswerField({ view: { form }, answer, onChange }: AnswerFieldProps) {
  if (form.type === 'choice' && answer.type === 'chosen') {
    return (
      <Choices
        options={form.options}
        many={form.many}
        chosen={answer.options}
        onChange={(options) => onChange({ type: 'chosen', options })}
      />
    );
  }
  if (form.type === 'order' && answer.type === 'ordered') {
    return (
      <OrderLines
        lines={form.lines}
        extra={form.extra}
        order={answer.lines}
        onChange={(lines) => onChange({ type: 'ordered', lines })}
      />
    );
  }
  return (
    <Written
      long={form.type === 'predict'}
      text={answer.type === 'written' ? answer.text : ''}
      onChange={(text) => onChange({ type: 'written', text })}
    />
  );
}

function Written(props: { long: boolean; text: string; onChange: (text: string) => void }) {
  const { t } = useTranslation('lesson');
  const id = useId();
  const shared = {
    id,
    className: props.long ? styles.output : styles.word,
    maxLength: 4000,
    spellCheck: false,
    value: props.text,
  };
  return (
    <div className={styles.written}>
      <label htmlFor={id}>{t(props.long ? 'questions.prints' : 'questions.write')}</label>
      {props.long ? (
        <textarea
          {...shared}
          rows={Math.min(12, Math.max(2, props.text.split('\n').length))}
          onChange={(event) => props.onChange(event.target.value)}
        />
      ) : (
        <input
          {...shared}
          type="text"
          autoComplete="off"
          onChange={(event) => props.onChange(event.target.value)}
        />
      )}
    </div>
  );
}
