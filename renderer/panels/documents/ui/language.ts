import { type Completion, type CompletionContext, snippetCompletion } from '@codemirror/autocomplete';
import { javascript, javascriptLanguage } from '@codemirror/lang-javascript';
import type { Extension } from '@codemirror/state';

const operators = [
  '$eq $ne $gt $gte $lt $lte $in $nin $and $or $nor $not $exists $type $regex $options $expr $all $elemMatch $size $mod',
  '$set $unset $inc $mul $min $max $rename $push $pull $addToSet $pop $each $slice $position $setOnInsert $currentDate $bit',
  '$match $project $group $sort $limit $skip $unwind $lookup $addFields $count $sortByCount $facet $bucket $sample $replaceRoot',
  '$sum $avg $first $last $concat $cond $ifNull $dateToString $toString $toInt $arrayElemAt $map $filter $reduce $jsonSchema',
]
  .join(' ')
  .split(' ');

const constructors = [
  snippetCompletion("ObjectId('${id}')", { label: 'ObjectId', type: 'class' }),
  snippetCompletion("ISODate('${2026-01-31T12:00:00Z}')", { label: 'ISODate', type: 'class' }),
  snippetCompletion("NumberLong('${0}')", { label: 'NumberLong', type: 'class' }),
  snippetCompletion("NumberDecimal('${0.00}')", { label: 'NumberDecimal', type: 'class' }),
  snippetCompletion("Double('${0}')", { label: 'Double', type: 'class' }),
  snippetCompletion("UUID('${uuid}')", { label: 'UUID', type: 'class' }),
  snippetCompletion("BinData(${0}, '${base64}')", { label: 'BinData', type: 'class' }),
  snippetCompletion('Timestamp(${seconds}, ${1})', { label: 'Timestamp', type: 'class' }),
  snippetCompletion("RegExp('${pattern}', '${i}')", { label: 'RegExp', type: 'class' }),
  { label: 'MinKey()', type: 'class' },
  { label: 'MaxKey()', type: 'class' },
];

/** Shell syntax without completion. */
export const shellLanguage: readonly Extension[] = [javascript()];

/** Shell syntax that knows operators, types and the fields of a collection. */
export function shellWith(fields: readonly string[]): readonly Extension[] {
  const options: Completion[] = [
    ...fields.map((label) => ({
      label,
      type: 'property',
      boost: 2,
      ...(/^[\w$]+$/.test(label) ? {} : { apply: `'${label.replaceAll("'", "\\'")}'` }),
    })),
    ...operators.map((label) => ({ label, type: 'keyword' })),
    ...constructors,
  ];
  const complete = (context: CompletionContext) => {
    const word = context.matchBefore(/[$\w.]+/);
    return word === null && !context.explicit ? null : { from: word?.from ?? context.pos, options, validFor: /^[$\w.]*$/ };
  };
  return [javascript(), javascriptLanguage.data.of({ autocomplete: complete })];
}
