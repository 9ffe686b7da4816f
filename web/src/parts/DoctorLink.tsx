import { doctorLink } from '../words/doctor_link';
import styles from './DoctorLink.module.css';

/** To the page that finds out why a call does not connect; beside this one, which goes on. */
export function DoctorLink({ plain = false }: { readonly plain?: boolean }) {
  return (
    <a
      className={styles.link}
      data-plain={plain || undefined}
      data-testid="doctor-link"
      href="/doctor"
      target="_blank"
      rel="noopener"
    >
      {doctorLink.text}
      <span className="unseen"> ({doctorLink.newTab})</span>
    </a>
  );
}
