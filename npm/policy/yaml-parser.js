// Of `yaml`, what a policy needs: a bundle leaves out the rest.
export {Composer, isAlias, isMap, isScalar, isSeq, Parser} from 'yaml';
