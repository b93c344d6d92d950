import { buildImage } from '../world/images.js';
import type { SandboxImage } from '../world/wire.js';

interface Row {
  slug: string;
  label: string;
  vendor: string;
  size: number;
  created: string;
  /** null: a rolling distribution, or none announced. */
  eol: string | null;
  more?: Partial<SandboxImage>;
}

const CLOUD_INIT: Partial<SandboxImage> = { capabilities: ['cloud-init'] };
const DEPRECATED: Partial<SandboxImage> = { deprecated: true };
/** Ends of life are at midnight in the east of the US. */
const MIDNIGHT = 'T04:00:00';

/** Days without an hour get one; `updated` is three weeks or so before the seed's present. */
const ROWS: Row[] = [
  row('almalinux8', 'AlmaLinux 8', 'AlmaLinux', 1700, '2021-06-01', '2029-03-01', CLOUD_INIT),
  row('almalinux9', 'AlmaLinux 9', 'AlmaLinux', 1700, '2022-06-29', '2032-05-31', CLOUD_INIT),
  row('alpine3.16', 'Alpine 3.16', 'Alpine', 400, '2022-05-31', '2024-05-23'),
  row('alpine3.17', 'Alpine 3.17', 'Alpine', 400, '2022-12-12', '2024-11-22'),
  row('alpine3.18', 'Alpine 3.18', 'Alpine', 400, '2023-05-30', '2025-05-09'),
  row('alpine3.19', 'Alpine 3.19', 'Alpine', 400, '2023-12-19', '2025-11-01'),
  row('arch', 'Arch Linux', 'Arch', 1500, '2021-06-01', null),
  row('centos7', 'CentOS 7', 'CentOS', 2800, '2014-07-08', '2024-06-30'),
  row('centos-stream8', 'CentOS Stream 8', 'CentOS', 2600, '2021-03-26', '2024-05-31'),
  row('centos-stream9', 'CentOS Stream 9', 'CentOS', 1200, '2021-12-06', '2027-05-31', CLOUD_INIT),
  row('containerlinux', 'CoreOS Container Linux', 'CoreOS', 3000, '2017-05-03', '2020-05-26', DEPRECATED),
  row('debian10', 'Debian 10', 'Debian', 1500, '2019-07-07', '2024-06-30', CLOUD_INIT),
  row('debian11', 'Debian 11', 'Debian', 1500, '2021-08-14', '2026-08-31', CLOUD_INIT),
  row('debian12', 'Debian 12', 'Debian', 1500, '2023-06-12', '2028-06-30', CLOUD_INIT),
  row('fedora38', 'Fedora 38', 'Fedora', 1600, '2023-04-18', '2024-05-21'),
  row('fedora39', 'Fedora 39', 'Fedora', 1800, '2023-11-08', '2024-11-26'),
  row('gentoo', 'Gentoo', 'Gentoo', 6500, '2021-06-01', null),
  row('kali', 'Kali Linux', 'Kali', 1536, '2022-10-07', null),
  row('debian11-kube-v1.26.1', 'Kubernetes 1.26.1 on Debian 11', 'Debian', 3500, '2023-03-06', '2024-02-28'),
  row(
    'debian11-kube-v1.26.12',
    'Kubernetes 1.26.12 on Debian 11',
    'Debian',
    3500,
    '2024-01-11',
    '2024-02-28',
  ),
  row('debian11-kube-v1.26.3', 'Kubernetes 1.26.3 on Debian 11', 'Debian', 3500, '2023-04-14', '2024-02-28'),
  row('debian11-kube-v1.28.3', 'Kubernetes 1.28.3 on Debian 11', 'Debian', 3500, '2023-11-02', '2024-10-28', {
    description: null,
  }),
  row('opensuse15.5', 'openSUSE Leap 15.5', 'openSUSE', 1550, '2023-06-14', '2024-12-31'),
  row('opensuse15.6', 'openSUSE Leap 15.6', 'openSUSE', 1550, '2024-05-06', '2025-12-31'),
  row('rocky8', 'Rocky Linux 8', 'Rocky', 2300, '2021-07-01', '2029-05-31', CLOUD_INIT),
  row('rocky9', 'Rocky Linux 9', 'Rocky', 2300, '2022-07-27', '2032-05-31', CLOUD_INIT),
  row('slackware14.2', 'Slackware 14.2', 'Slackware', 6000, '2016-10-13', null, {
    eol: '1970-01-01T05:00:00',
  }),
  row('slackware15.0', 'Slackware 15.0', 'Slackware', 11_000, '2022-04-12', null),
  row('ubuntu20.04', 'Ubuntu 20.04 LTS', 'Ubuntu', 2000, '2020-04-21', '2025-04-21', CLOUD_INIT),
  row('ubuntu22.04', 'Ubuntu 22.04 LTS', 'Ubuntu', 3500, '2022-04-20', '2027-04-01', CLOUD_INIT),
  row('ubuntu23.10', 'Ubuntu 23.10', 'Ubuntu', 3500, '2023-10-16', '2024-07-11', CLOUD_INIT),
  row('ubuntu24.04', 'Ubuntu 24.04 LTS', 'Ubuntu', 3500, '2024-05-06', '2029-04-25', CLOUD_INIT),
  row('debian9', 'Debian 9', 'Debian', 1600, '2017-06-16', '2022-06-30', DEPRECATED),
  row('fedora37', 'Fedora 37', 'Fedora', 1800, '2022-11-15', '2023-12-05', DEPRECATED),
  row('opensuse15.4', 'openSUSE Leap 15.4', 'openSUSE', 1550, '2022-06-08', '2023-12-07', DEPRECATED),
  row('slackware14.1', 'Slackware 14.1', 'Slackware', 1000, '2013-11-25', '2022-01-01', {
    ...DEPRECATED,
    description: null,
  }),
  row('ubuntu16.04lts', 'Ubuntu 16.04 LTS', 'Ubuntu', 2700, '2016-04-22', '2021-04-30', DEPRECATED),
  row('ubuntu18.04', 'Ubuntu 18.04 LTS', 'Ubuntu', 2700, '2018-04-26', '2023-05-31', DEPRECATED),
  row('ubuntu22.10', 'Ubuntu 22.10', 'Ubuntu', 3500, '2022-10-20', '2023-07-20', DEPRECATED),
];

export function publicImages(): SandboxImage[] {
  return ROWS.map(({ slug, label, vendor, size, created, eol, more }, index) =>
    buildImage(`linode/${slug}`, 0, {
      label,
      vendor,
      size,
      created: `${created}T${String(10 + (index % 9))}:${String(10 + index)}:0${index % 10}`,
      updated: more?.deprecated
        ? `${(eol ?? created).slice(0, 10)}T15:29:31`
        : `2024-05-07T18:${String(10 + index)}:22`,
      eol: eol && eol + MIDNIGHT,
      ...structuredClone(more),
    }),
  );
}

function row(
  slug: string,
  label: string,
  vendor: string,
  size: number,
  created: string,
  eol: string | null,
  more: Partial<SandboxImage> = {},
): Row {
  return { slug, label, vendor, size, created, eol, more };
}
