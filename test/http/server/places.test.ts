import { expect, it } from '@jest/globals';
import fc from 'fast-check';
import { Places } from '../../../src/http/server/places.js';

it('places hold what a Set holds, whatever comes and goes', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.nat(), { nil: undefined }), { maxLength: 100 }), (steps) => {
      const places = new Places<{ id: number }>();
      const set = new Set<{ id: number }>();
      const there: { member: { id: number }; place: number }[] = [];
      for (const [id, leaves] of steps.entries()) {
        const [gone] =
          leaves === undefined || there.length === 0 ? [] : there.splice(leaves % there.length, 1);
        if (gone) {
          places.delete(gone.place);
          set.delete(gone.member);
        } else {
          const member = { id };
          set.add(member);
          there.push({ member, place: places.add(member) });
        }
        expect(places.size).toBe(set.size);
        expect(new Set(places.members())).toEqual(set);
      }
    }),
  );
});
