/** The demo people. First names are unique, because they are the API keys. */

/** First name, last name, title, department. */
export type Person = readonly [firstName: string, lastName: string, title: string, department: string];

/** Staff of Mercy General. Examples use Ada Lovelace as the caller. */
export const hospitalPeople: readonly Person[] = [
  ['Ada', 'Lovelace', 'MD', 'Cardiology'],
  ['Grace', 'Hopper', 'MD', 'Cardiology'],
  ['Alan', 'Turing', 'MD', 'Neurology'],
  ['Florence', 'Nightingale', 'RN', 'Nursing'],
  ['Edsger', 'Dijkstra', 'MD', 'Surgery'],
  ['Barbara', 'Liskov', 'MD', 'Internal Medicine'],
  ['Donald', 'Knuth', 'PharmD', 'Pharmacy'],
  ['Margaret', 'Hamilton', 'MD', 'Emergency'],
  ['Dennis', 'Ritchie', 'MD', 'Anaesthesia'],
  ['Katherine', 'Johnson', 'PhD', 'Radiology'],
  ['Claude', 'Shannon', 'MD', 'Neurology'],
  ['Hedy', 'Lamarr', 'RT', 'Radiology'],
  ['Joseph', 'Lister', 'MD', 'Surgery'],
  ['Elizabeth', 'Blackwell', 'MD', 'Emergency'],
  ['Ignaz', 'Semmelweis', 'MD', 'Obstetrics'],
  ['Virginia', 'Apgar', 'MD', 'Anaesthesia'],
  ['William', 'Osler', 'MD', 'Internal Medicine'],
  ['Marie', 'Curie', 'PhD', 'Radiology'],
  ['Louis', 'Pasteur', 'PhD', 'Laboratory'],
  ['Edward', 'Jenner', 'MD', 'Internal Medicine'],
  ['Clara', 'Barton', 'RN', 'Nursing'],
  ['Mary', 'Seacole', 'RN', 'Nursing'],
  ['Frances', 'Allen', 'MD', 'Cardiology'],
  ['Radia', 'Perlman', 'MD', 'Vascular Surgery'],
  ['Tim', 'Berners-Lee', 'RN', 'Cardiology'],
  ['Vint', 'Cerf', 'MD', 'Vascular Surgery'],
  ['Shafi', 'Goldwasser', 'MD', 'Oncology'],
  ['Jean', 'Bartik', 'RN', 'Cardiology'],
  ['Kathleen', 'Booth', 'RN', 'Emergency'],
  ['Ivan', 'Sutherland', 'MD', 'Radiology'],
  ['Niklaus', 'Wirth', 'MD', 'Surgery'],
  ['Linus', 'Pauling', 'PhD', 'Laboratory'],
  ['Gertrude', 'Elion', 'PharmD', 'Pharmacy'],
  ['Alexander', 'Fleming', 'MD', 'Infectious Diseases'],
  ['Selman', 'Waksman', 'PhD', 'Infectious Diseases'],
  ['Tu', 'Youyou', 'PharmD', 'Pharmacy'],
  ['Rita', 'Levi-Montalcini', 'MD', 'Neurology'],
  ['Santiago', 'Ramón y Cajal', 'MD', 'Pathology'],
  ['Camillo', 'Golgi', 'MD', 'Pathology'],
  ['Helen', 'Taussig', 'MD', 'Paediatric Cardiology'],
  ['Vivien', 'Thomas', 'CST', 'Cardiac Surgery'],
  ['Charles', 'Drew', 'MD', 'Transfusion'],
  ['Rebecca', 'Cole', 'MD', 'Internal Medicine'],
  ['Daniel', 'Williams', 'MD', 'Cardiac Surgery'],
];

/** Staff of the Riverside clinics; some people of Mercy General are members too. */
export const clinicPeople: readonly Person[] = [
  ['Karen', 'Spärck Jones', 'MD', 'Family Medicine'],
  ['Adele', 'Goldberg', 'MD', 'Family Medicine'],
  ['Douglas', 'Engelbart', 'PT', 'Physiotherapy'],
  ['Lynn', 'Conway', 'MD', 'Dermatology'],
  ['Anita', 'Borg', 'RN', 'Family Medicine'],
  ['Stephanie', 'Shirley', 'Manager', 'Reception'],
  ['Ken', 'Thompson', 'MD', 'Orthopaedics'],
  ['Bjarne', 'Stroustrup', 'MD', 'Orthopaedics'],
  ['Sophie', 'Wilson', 'RT', 'Imaging'],
  ['John', 'Snow', 'MD', 'Public Health'],
  ['Sara', 'Baker', 'MD', 'Public Health'],
  ['Elisabeth', 'Kübler-Ross', 'MD', 'Palliative Care'],
  ['Cicely', 'Saunders', 'MD', 'Palliative Care'],
  ['James', 'Barry', 'MD', 'Surgery'],
];

/** An organization without common members with the others, and outside the consumer organization. */
export const researchPeople: readonly Person[] = [
  ['Rosalind', 'Franklin', 'PhD', 'Crystallography'],
  ['Joan', 'Clarke', 'PhD', 'Cryptanalysis'],
  ['Mavis', 'Batey', 'MA', 'Cryptanalysis'],
  ['Tommy', 'Flowers', 'BSc', 'Engineering'],
  ['Max', 'Newman', 'PhD', 'Mathematics'],
  ['Bill', 'Tutte', 'PhD', 'Mathematics'],
];
