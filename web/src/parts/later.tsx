import { Component, createElement, lazy, Suspense, type ComponentType, type ReactNode } from 'react';
import { importAgain } from '../state/import_again';
import { Later } from '../state/later';
import { mendStyles } from '../state/mend_styles';
import { toast } from '../state/toasts';
import { common } from '../words/common';

/** When that for which nobody can press a button once more is tried again, in milliseconds. */
const kAgain = 5000;

type Loaded<Props> = { readonly default: ComponentType<Props> };

/**
 * A component in a file of its own, fetched when it is first drawn. If that cannot be had, nothing is drawn in its place,
 * the person is told, and `giveUp` closes what was opened; without it, it is tried again after a while.
 */
export function later<Props extends object>(
  fetch: () => Promise<Loaded<Props>>,
  giveUp?: (props: Props) => void,
): ComponentType<Props> {
  const part = new Later(() => mendStyles().then(() => importAgain(fetch)));
  let Part = lazyOf(part);
  return class extends Component<Props, { readonly failed: boolean }> {
    static getDerivedStateFromError = () => ({ failed: true });

    override state = { failed: false };
    #timer: ReturnType<typeof setTimeout> | undefined;

    override componentDidCatch(): void {
      Part = lazyOf(part);
      toast(part.isThere ? common.notShown : common.notReachable, { tone: 'warning', key: 'later' });
      if (giveUp) giveUp(this.props);
      else this.#timer = setTimeout(() => this.setState({ failed: false }), kAgain);
    }

    override componentWillUnmount(): void {
      clearTimeout(this.#timer);
    }

    override render(): ReactNode {
      return this.state.failed ? null : <Suspense>{createElement(Part, this.props)}</Suspense>;
    }
  };
}

function lazyOf<Props extends object>(part: Later<Loaded<Props>>): ComponentType<Props> {
  return lazy(part.get);
}
