import { useState, type SubmitEvent } from 'react';
import type { Form, FormState } from '../../state/account/form';
import { useStore } from '../../state/use_store';

/** A form for as long as the component is there. `submit` puts the focus where the trouble is. */
export function useForm<Field extends string>(make: () => Form<Field>, onSent?: (form: Form<Field>) => void) {
  const [form] = useState(make);
  const state: FormState<Field> = useStore(form);
  const submit = async (event: SubmitEvent<HTMLFormElement>) => {
    event.preventDefault();
    const element = event.currentTarget;
    if (form.get().busy) return;
    const trouble = await form.submit();
    if (trouble === undefined) onSent?.(form);
    else element.querySelector<HTMLElement>(`[name="${trouble}"]`)?.focus();
  };
  return { form, state, onSubmit: (event: SubmitEvent<HTMLFormElement>) => void submit(event) };
}
