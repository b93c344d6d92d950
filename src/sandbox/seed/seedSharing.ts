import { buildImage, sharedWith } from '../world/images.js';
import type { Account } from '../world/world.js';

const GROUP = {
  sharegroup_id: 580,
  sharegroup_uuid: '8fad29c6-806c-4862-a1ac-f637e07436cc',
  sharegroup_label: 'golden-images',
};

/**
 * Shares two images of the producer with the consumer, in one share group. The producer's list does not contain the
 * `shared/…` rows, and the consumer does not learn the ID of the source image.
 */
export function seedSharing(producer: Account, consumer: Account): void {
  share(producer, 'private/23849731', 1);
  share(producer, 'private/23912377', 1);
  // `is_shared` stays true after the image was removed from its last share group.
  share(producer, 'private/23851696', 0);
  const shared = [
    buildImage('shared/301', Date.parse('2024-05-04T07:30:00Z'), {
      label: 'nginx-base',
      description: 'For all teams',
      size: 1754,
      capabilities: ['cloud-init', 'distributed-sites'],
      regions: [
        { region: 'us-east', status: 'available' },
        { region: 'eu-central', status: 'available' },
      ],
    }),
    buildImage('shared/302', Date.parse('2024-05-18T16:12:40Z'), { label: 'import', size: 11_264 }),
  ];
  for (const image of shared) {
    image.updated = null;
    image.image_sharing = { shared_with: null, shared_by: { ...GROUP, source_image_id: null } };
    consumer.images.set(image.id, image);
  }
}

function share(account: Account, id: string, groups: number): void {
  const image = account.images.get(id);
  if (!image) throw new Error(`The seed has no image ${id}`);
  image.is_shared = true;
  image.image_sharing = { shared_with: sharedWith(id, groups), shared_by: null };
}
