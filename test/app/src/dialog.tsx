import { type ReactNode, useEffect, useRef } from 'react';
import { createPortal } from 'react-dom';
import { focusComposer } from './focus.ts';
import { t } from './texts.ts';

interface DialogProps {
  readonly title: string;
  readonly onClose: () => void;
  readonly children: ReactNode;
}

/** A window over the page, which keeps the focus in it and gives it back. */
export function Dialog({ title, onClose, children }: DialogProps) {
  const dialog = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const element = dialog.current;
    const before = document.activeElement;
    element?.showModal();
    return () => {
      element?.close();
      if (before instanceof HTMLElement && before.isConnected) before.focus();
      else focusComposer();
    };
  }, []);
  // A child of the body: the element that opened it may be hidden.
  return createPortal(
    <dialog ref={dialog} aria-label={title} onCancel={onClose}>
      <header>
        <h2>{title}</h2>
        <button type="button" onClick={onClose} children={t.close} />
      </header>
      <div className="inside">{children}</div>
    </dialog>,
    document.body,
  );
}
