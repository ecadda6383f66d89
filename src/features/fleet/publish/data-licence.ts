/** Licences that measurements are published under, by their SPDX ids; the first is the default. */
export const dataLicences = ['CC0-1.0', 'CC-BY-4.0'] as const;
export type DataLicence = (typeof dataLicences)[number];

/** URL of the legal text of each licence, and its terms in one sentence. */
export const licenceTexts: Readonly<Record<DataLicence, { readonly url: string; readonly notice: string }>> =
  {
    'CC0-1.0': {
      url: 'https://creativecommons.org/publicdomain/zero/1.0/legalcode',
      notice:
        'To the extent possible under law, the publisher has waived all copyright and related or neighbouring rights to this data.',
    },
    'CC-BY-4.0': {
      url: 'https://creativecommons.org/licenses/by/4.0/legalcode',
      notice:
        'This data may be shared and adapted for any purpose, as long as its publisher is named and changes are told.',
    },
  };
