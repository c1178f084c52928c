package dev.crr.jpa;

import dev.crr.SqlNames;
import java.io.Serializable;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.hibernate.cache.spi.access.CachedDomainDataAccess;
import org.hibernate.cache.spi.access.CollectionDataAccess;
import org.hibernate.cache.spi.access.EntityDataAccess;
import org.hibernate.engine.spi.SessionFactoryImplementor;
import org.hibernate.metamodel.mapping.EmbeddableValuedModelPart;
import org.hibernate.metamodel.mapping.ForeignKeyDescriptor;
import org.hibernate.metamodel.mapping.JdbcMapping;
import org.hibernate.metamodel.mapping.ModelPart;
import org.hibernate.metamodel.mapping.SelectableMapping;
import org.hibernate.metamodel.mapping.internal.EntityCollectionPart;
import org.hibernate.metamodel.mapping.internal.ToOneAttributeMapping;
import org.hibernate.persister.collection.CollectionPersister;
import org.hibernate.persister.entity.EntityPersister;
import org.jspecify.annotations.Nullable;

/** Which cached entities and collections are made of the rows of which tables. */
final class CacheDependents {

    /**
     * A cache of something.
     *
     * @param cache the cache
     * @param column the one column that tells which entry a row belongs to, in lower case; null if none does
     * @param type its type
     * @param cacheKey the cache's key by the column's value
     */
    record Dependent(
            CachedDomainDataAccess cache,
            @Nullable String column,
            @Nullable KeyType type,
            Function<Object, Object> cacheKey) {}

    private final SessionFactoryImplementor sessionFactory;
    private final HibernateModel.Quotes quotes;

    /** By table in lower case. */
    private final Map<String, List<Dependent>> dependents = new HashMap<>();

    /** How Hibernate spells a table, by its name in lower case. */
    private final Map<String, Set<String>> spaces = new HashMap<>();

    /** The tables of a hierarchy by the name of its root. */
    private final Map<String, Set<String>> hierarchies = new HashMap<>();

    CacheDependents(SessionFactoryImplementor sessionFactory) {
        this.sessionFactory = sessionFactory;
        this.quotes = HibernateModel.quotes(sessionFactory);
        sessionFactory
                .getMappingMetamodel()
                .forEachEntityDescriptor(entity -> hierarchies
                        .computeIfAbsent(entity.getRootEntityName(), name -> new HashSet<>())
                        .addAll(HibernateModel.keys(entity).keySet()));
        sessionFactory.getMappingMetamodel().forEachEntityDescriptor(this::add);
        sessionFactory.getMappingMetamodel().forEachCollectionDescriptor(this::add);
    }

    boolean isEmpty() {
        return dependents.isEmpty();
    }

    List<Dependent> of(String table) {
        return dependents.getOrDefault(SqlNames.fold(table), List.of());
    }

    Set<String> tables() {
        return spaces.keySet();
    }

    /** The names under which Hibernate knows a table that queries read. */
    Set<String> spaces(String table) {
        Set<String> all = new HashSet<>(spaces.getOrDefault(SqlNames.fold(table), Set.of()));
        all.add(table);
        return all;
    }

    private void add(EntityPersister entity) {
        for (Serializable space : entity.getQuerySpaces()) {
            addSpace(space.toString());
            // As after a local write: a row of a subclass counts in that of the root, and a query of the root may have
            // read it.
            HibernateModel.tables(entity).forEach(table -> spacesOf(table).add(space.toString()));
        }
        if (entity.hasNaturalIdCache()) {
            addHierarchy(entity, entity.getNaturalIdCacheAccessStrategy());
        }
        EntityDataAccess cache = entity.getCacheAccessStrategy();
        if (cache == null) {
            return;
        }
        Function<Object, Object> cacheKey = id -> cache.generateCacheKey(id, entity, sessionFactory, null);
        List<JdbcMapping> identifier = new ArrayList<>();
        entity.getIdentifierMapping().forEachSelectable((i, column) -> identifier.add(column.getJdbcMapping()));
        HibernateModel.keys(entity)
                .forEach((table, columns) -> add(
                        table,
                        columns.size() == 1
                                ? new Dependent(
                                        cache,
                                        SqlNames.fold(quotes.strip(columns.get(0))),
                                        KeyType.of(identifier.get(0)),
                                        cacheKey)
                                : whole(cache)));
        Set<String> hierarchy = hierarchies.getOrDefault(entity.getRootEntityName(), Set.of());
        for (Serializable space : entity.getQuerySpaces()) {
            if (!hierarchy.contains(space.toString())) { // @Synchronize
                add(space.toString(), whole(cache));
            }
        }
        entity.forEachAttributeMapping(attribute -> addPartners(attribute, cache));
    }

    /** Entities that a cache refers to by their identifier, though another column tells which ones they are. */
    private void addPartners(ModelPart part, CachedDomainDataAccess cache) {
        if (part instanceof EmbeddableValuedModelPart embedded) {
            embedded.getEmbeddableTypeDescriptor().forEachAttributeMapping(inner -> addPartners(inner, cache));
        } else if (part instanceof ToOneAttributeMapping toOne
                && (!toOne.isReferenceToPrimaryKey()
                        || toOne.getSideNature()
                                == ForeignKeyDescriptor.Nature.TARGET)) { // mappedBy: it may be another's now
            addHierarchy(toOne.getEntityMappingType().getEntityPersister(), cache);
        }
    }

    private void add(CollectionPersister collection) {
        for (String space : collection.getCollectionSpaces()) {
            addSpace(space);
        }
        if (!collection.isOneToMany()) {
            addVersionOfOwner(collection);
        }
        if (!collection.hasCache()) {
            return;
        }
        CollectionDataAccess cache = collection.getCacheAccessStrategy();
        if (!collection.isOneToMany()) {
            add(
                    collection.getTableName(),
                    byOwner(collection, cache, key -> cache.generateCacheKey(key, collection, sessionFactory, null)));
        }
        addPartners(collection.getAttributeMapping().getElementDescriptor(), cache);
        // Elements may come, go, change their owner or their order.
        if (collection.getAttributeMapping().getElementDescriptor() instanceof EntityCollectionPart element) {
            addHierarchy(element.getAssociatedEntityMappingType().getEntityPersister(), cache);
        }
        for (String space : collection.getCollectionSpaces()) {
            if (!space.equals(collection.getTableName())) {
                add(space, whole(cache));
            }
        }
    }

    /** What is merged into the collection counts in its owner's row, see {@link VersionCollector}. */
    private void addVersionOfOwner(CollectionPersister collection) {
        EntityPersister owner = collection.getOwnerEntityPersister();
        if (owner.getVersionMapping() == null || !collection.isVersioned()) {
            return;
        }
        Set<String> ofTable = spacesOf(collection.getTableName());
        for (Serializable space : owner.getQuerySpaces()) {
            ofTable.add(space.toString());
        }
        EntityDataAccess cache = owner.getCacheAccessStrategy();
        if (cache != null) {
            add(
                    collection.getTableName(),
                    byOwner(collection, cache, id -> cache.generateCacheKey(id, owner, sessionFactory, null)));
        }
    }

    /** A cache with an entry per owner. */
    private Dependent byOwner(
            CollectionPersister collection, CachedDomainDataAccess cache, Function<Object, Object> cacheKey) {
        List<SelectableMapping> columns = new ArrayList<>();
        collection.getAttributeMapping().getKeyDescriptor().visitKeySelectables((i, column) -> columns.add(column));
        return columns.size() == 1
                ? new Dependent(
                        cache,
                        SqlNames.fold(quotes.strip(columns.get(0).getSelectionExpression())),
                        KeyType.of(columns.get(0).getJdbcMapping()),
                        cacheKey)
                : whole(cache);
    }

    private void addHierarchy(EntityPersister entity, CachedDomainDataAccess cache) {
        for (String table : hierarchies.getOrDefault(entity.getRootEntityName(), Set.of())) {
            add(table, whole(cache));
        }
    }

    private void add(String table, Dependent dependent) {
        addSpace(table);
        dependents
                .computeIfAbsent(SqlNames.fold(quotes.strip(table)), name -> new ArrayList<>())
                .add(dependent);
    }

    private void addSpace(String space) {
        spacesOf(space).add(space);
    }

    private Set<String> spacesOf(String table) {
        return spaces.computeIfAbsent(SqlNames.fold(quotes.strip(table)), name -> new HashSet<>());
    }

    private static Dependent whole(CachedDomainDataAccess cache) {
        return new Dependent(cache, null, null, key -> key);
    }
}
